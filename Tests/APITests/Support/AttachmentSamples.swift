import Attachments
import Crypto
import Deployments
import Foundation
import HTTPServer
import JSON
import Wire

/// Attachments for tests: a data model with a field of each kind, and bytes that look like what they are
/// called.
enum AttachmentSamples {
  static let schema = """
    <data-model>
      <model name="crate" label="Crate">
        <field name="name" label="Name" type="text"/>
        <field name="pass" label="Pass" type="attachment" media="application/pdf"/>
        <field name="photo" label="Photo" type="photo"/>
        <field name="sign" label="Sign" type="signature"/>
        <field name="file" label="File" type="attachment" media="any"/>
        <field name="sheet" label="Sheet" type="attachment" media="text/csv"/>
        <field name="page" label="Page" type="attachment" media="application/xml"/>
        <belongs-to model="crate" name="outer"/>
        <display>{name} {pass}</display>
      </model>
    </data-model>
    """

  static let pdf = "%PDF-1.4 a pass"
  static let png = "\u{89}PNG"
  static let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"

  static func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }
  static let pngBytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]
  static let jpegBytes: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0]
  static let zipBytes: [UInt8] = [0x50, 0x4b, 3, 4, 0, 0]

  /// `{"base64":…,"filename":…}`
  static func upload(_ bytes: [UInt8], _ name: String? = nil) -> String {
    let filename = name.map { ",\"filename\":\"\($0)\"" } ?? ""
    return "{\"base64\":\"\(Base64.encode(bytes))\"\(filename)}"
  }

  static func upload(_ text: String, _ name: String? = nil) -> String { upload(Array(text.utf8), name) }
}

extension TestAPI {
  static func withAttachments(_ body: (TestAPI) async throws -> Void) async throws {
    let api = try await TestAPI(schema: AttachmentSamples.schema)
    try await body(api)
    await api.deployments.close()
    api.attachments.close()
  }

  func create(_ members: String) async -> Answer { await send(.post, "objects/crate", "{\"crate\":{\(members)}}") }

  func patch(_ id: String, _ members: String) async -> Answer {
    await send(.patch, "objects/crate/\(id)", "{\"crate\":{\(members)}}")
  }

  func crate(_ id: String) async -> JSONValue? { await send(.get, "objects/crate/\(id)").json }

  /// Fetches an address as it was printed, without credentials.
  func fetch(_ address: String?, _ method: Method = .get, headers: [String: String] = [:]) async -> Answer {
    let path = address?.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).last.map { "/" + $0 }
    return await send(method, path ?? "/nowhere", headers: headers, authorization: .some(nil))
  }

  /// Puts other bytes where these lie, as a failing disk would.
  func overwrite(_ hash: ContentHash, with text: String) throws {
    let name = hash.description
    let folder = "\(path)/blobs/\(deploymentID)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))"
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// The operations of the oplog, oldest first.
  func operations() async -> [String] {
    let entries = await send(.get, "oplog").json?["entries"]
    return entries.map { $0.elements.map { $0["operation"]?.string ?? "" } } ?? []
  }
}
