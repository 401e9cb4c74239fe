import Crypto
import Foundation
import JSON
import ServerUnderTest
import Storage
import Testing
import Wire

@testable import Attachments
@testable import AttachmentsS3

@Suite("The real server with an object store", .enabled(if: S3Server.address != nil, "no S3 server was given"))
struct ServedFromS3Tests {
  private static let schema = """
    <data-model><model name="crate" label="Crate"><field name="file" label="File" type="attachment" media="any"/>
    <field name="photo" label="Photo" type="photo"/><display>Crate</display></model></data-model>
    """

  @Test("takes uploads of each kind, sends clients there, checks what lies there, and empties it with the deployment")
  func story() async throws {
    let client = try await S3Server.bucket()
    let settings = [
      "SOJOURN_S3_BUCKET=\(client.settings.bucket)", "SOJOURN_S3_ENDPOINT=\(S3Server.address ?? "")",
      "SOJOURN_S3_PATH_STYLE=true", "SOJOURN_S3_ACCESS_KEY=test", "SOJOURN_S3_SECRET_KEY=secret",
    ]
    let server = try ServerUnderTest(schema: Self.schema, environment: settings)
    let inline = Array("an inline upload".utf8)
    let raw = [UInt8](repeating: 5, count: 3 << 20)
    let made = try server.json(
      "POST", "/objects/crate.json",
      "{\"crate\":{\"file\":{\"base64\":\"\(Base64.encode(inline))\",\"filename\":\"a.bin\"}}}"
    ).json
    let id = try server.send("POST", "/attachments", body: raw).json["id"]?.string ?? ""
    let linked = try server.json("POST", "/objects/crate.json", "{\"crate\":{\"file_id\":\"\(id)\"}}").json
    for (object, bytes) in [(made, inline), (linked, raw)] {
      let path = object["file"]?["original"]?.string?.split(separator: "/", maxSplits: 2).last.map { "/\($0)" }
      let answer = try server.connection().request("GET", path ?? "/nowhere")
      #expect(answer.status == 302 && answer.body.isEmpty && answer[header: "cache-control"] == "no-store")
      let address = try #require(answer[header: "location"])
      #expect(address.hasPrefix(S3Server.address ?? "none"))
      #expect(address.contains("/\(server.id)/\(ContentHash(of: bytes))?"))
      #expect(try S3Server.get(address).utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8))
      // An address that is asked for by HEAD is signed for HEAD, and finds the length there.
      let looked = try server.connection().request("HEAD", path ?? "/nowhere")
      #expect(looked.status == 302 && looked.body.isEmpty)
      let head = try #require(looked[header: "location"])
      #expect(Self.signature(head) != Self.signature(address))
      #expect(try S3Server.get(head, ["-I"]).lowercased().contains("content-length: \(bytes.count)"))
      // One who has altered it in any way is sent nowhere.
      #expect(try server.connection().request("GET", (path ?? "") + "A").status == 403)
    }
    // What a browser would run is offered for saving, since the store sends no policy; a picture is shown.
    for (bytes, disposition) in [
      (Array("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".utf8), "attachment"),
      (PNGFile(width: 1, height: 1).bytes, "inline"),
    ] {
      let shown = try server.json(
        "POST", "/objects/crate.json", "{\"crate\":{\"file\":{\"base64\":\"\(Base64.encode(bytes))\"}}}"
      ).json["file"]
      for variant in disposition == "inline" ? ["original"] : ["original", "thumbnail", "fullscreen"] {
        let path = shown?[variant]?.string?.split(separator: "/", maxSplits: 2).last.map { "/\($0)" }
        let address = try server.connection().request("GET", path ?? "/nowhere")[header: "location"] ?? ""
        #expect(address.contains("response-content-disposition=\(disposition)&"), "\(variant): \(address)")
      }
    }
    // Nothing of them lies in the data directory, and what a backup says is where they do.
    #expect(!FileManager.default.fileExists(atPath: "\(server.dataDirectory)/blobs/\(server.id)"))
    let checked = try server.command("fsck")
    #expect(checked.exitCode == 0 && checked.output.contains("4 blobs, "))
    let backup = try SojournBinary.run(
      ["backup", "--data-dir", server.dataDirectory, "--to", server.directory.path + "/b"])
    #expect(backup.exitCode == 0 && backup.output.contains("they lie in the bucket \(client.settings.bucket)"))

    // Bytes that went from the bucket are missed, noted, and mended by the same upload.
    let store = S3BlobStore(client, prefix: server.id, directory: server.directory.path)
    try await store.remove(BlobKey(ContentHash(of: inline)))
    #expect(try server.command("fsck", "--repair").output.contains("missing \(ContentHash(of: inline))"))
    let crate = made["id"]?.string ?? ""
    #expect(try server.json("GET", "/objects/crate/\(crate).json").json["file"]?.rawText == "{\"state\":\"missing\"}")
    let again = try server.json(
      "PATCH", "/objects/crate/\(crate).json",
      "{\"crate\":{\"file\":{\"base64\":\"\(Base64.encode(inline))\",\"filename\":\"a.bin\"}}}")
    #expect(try again.json["file"]?["state"]?.string == "uploaded")

    // Deleted while the settings are not given: the server removes the bytes when it starts with them.
    #expect(try server.stop() == 0)
    let deleted = try server.command("deployment", "delete", "--yes", "--deployment", server.id)
    #expect(deleted.exitCode == 1 && deleted.errors.contains("when it starts next"), "\(deleted.errors)")
    #expect(try await store.size(of: BlobKey(ContentHash(of: raw))) == raw.count)
    try server.start()
    #expect(try await store.size(of: BlobKey(ContentHash(of: raw))) == nil)
    #expect(try await store.size(of: BlobKey(ContentHash(of: inline))) == nil)
  }

  private static func signature(_ address: String) -> Substring? {
    address.firstRange(of: "X-Amz-Signature=").map { address[$0.upperBound...] }
  }
}
