import Deployments
import HTTPServer
import JSON
import Testing
import Wire

@Suite("Attachments, misused")
struct AttachmentErrorScenarios {
  private typealias Samples = AttachmentSamples
  private static let uuid = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"

  /// Members of an object, and a part of the detail.
  private static let refused: [(members: String, part: String)] = [
    (#""file":{"base64":"JVBE\nRi0x"}"#, "line breaks"), (#""file":{"base64":"JVBE\r\nRi0x"}"#, "line breaks"),
    (#""file":{"base64":"AA"}"#, "padded"), (#""file":{"base64":"AA="}"#, "padded"),
    (#""file":{"base64":"AA==="}"#, "padded"), (#""file":{"base64":"AA==AAAA"}"#, "padded"),
    (#""file":{"base64":"AB=="}"#, "standard base64"), (#""file":{"base64":"A"}"#, "padded"),
    (#""file":{"base64":"_-_-"}"#, "standard base64"), (#""file":{"base64":"AA AA"}"#, "blanks"),
    (#""file":{"base64":" AAAA"}"#, "blanks"), (#""file":{"base64":"äöü="}"#, "standard base64"),
    (#""file":{"base64":"data:;base64,AAAA"}"#, "standard base64"),
    (#""file":{"base64":null}"#, "takes a string"), (#""file":{"base64":7}"#, "takes a string"),
    (#""file":{"base64":["AAAA"]}"#, "takes a string"), (#""file":{"base64":{}}"#, "takes a string"),
    (#""file":{"base64":"AAAA","filename":""}"#, "not empty"),
    (#""file":{"base64":"AAAA","filename":"."}"#, "only dots"),
    (#""file":{"base64":"AAAA","filename":".."}"#, "only dots"),
    (#""file":{"base64":"AAAA","filename":"../a"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":"A.pdf"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":"ä.pdf"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":"a\"b"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":"a\r\nb"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":"a\u0000b"}"#, "lower-case letters"),
    (#""file":{"base64":"AAAA","filename":7}"#, "takes a string"),
    ("\"file\":{\"base64\":\"AAAA\",\"filename\":\"\(String(repeating: "a", count: 256))\"}", "255"),
    (#""file":{"base64":"AAAA","mime":"x"}"#, "mime"), (#""file":{"base64":"AAAA","state":"uploaded"}"#, "state"),
    (#""file":"https://x/y""#, "file_id"), (#""file":7"#, "file_id"), (#""file":[]"#, "file_id"),
    (#""file":{}"#, "file_id"), (#""file":{"filename":"a"}"#, "file_id"),
    (#""file_id":7"#, "UUID"), (#""file_id":{"base64":"AAAA"}"#, "UUID"), (#""file_id":"A""#, "UUID"),
    (#""file_id":"5F0D4C1E-0F43-4F52-8B0C-6D0F2F9F6F10""#, "UUID"),
    ("\"file\":{\"base64\":\"AAAA\"},\"file_id\":\"\(uuid)\"", "send one of the two"),
    ("\"pass\":\(Samples.upload("no pdf"))", "application/pdf"),
    ("\"pass\":\(Samples.upload(Samples.pngBytes))", "application/pdf"),
    ("\"pass\":\(Samples.upload(Samples.pngBytes))", "they look like a PNG picture"),
    ("\"pass\":\(Samples.upload(""))", "application/pdf"),
    ("\"photo\":\(Samples.upload(Samples.svg))", "JPEG, PNG"), ("\"photo\":\(Samples.upload("GIF89a"))", "JPEG, PNG"),
    ("\"photo\":\(Samples.upload(Array(Samples.pngBytes.prefix(7))))", "JPEG, PNG"),
    ("\"sign\":\(Samples.upload("<svg><g></svg>"))", "SVG"), ("\"sign\":\(Samples.upload("<html/>"))", "SVG"),
    ("\"sheet\":\(Samples.upload([0xff, 0xfe, 0]))", "text/csv"),
    ("\"sheet\":\(Samples.upload("a\u{0}b"))", "text/csv"),
    ("\"page\":\(Samples.upload("<a>"))", "application/xml"), ("\"page\":\(Samples.upload("a,b"))", "application/xml"),
  ]

  @Test("are refused with the field, the reason, and nothing kept", arguments: ["post", "batch"])
  func refusals(way: String) async throws {
    try await TestAPI.withAttachments { api in
      for row in Self.refused {
        let answer: JSONValue?
        if way == "post" {
          let made = await api.create(row.members)
          #expect(made.status == 422, "\(row.members): \(made.text)")
          answer = made.json
        } else {
          let operation = "{\"method\":\"post\",\"object\":{\"type\":\"crate\",\(row.members)}}"
          let batch = await api.send(.post, "batch", "{\"operations\":[\(operation)]}")
          answer = batch.json?["operations"]?.elements.map { $0 }.first?["error"]
        }
        #expect(answer?["type"]?.string == "INVALID_VALUE", "\(row.members)")
        #expect(answer?["detail"]?.string?.contains(row.part) == true, "\(row.members): \(answer?.rawText ?? "none")")
        let field = row.members.dropFirst().prefix { $0 != "\"" && $0 != "_" }
        #expect(answer?["detail"]?.string?.hasPrefix(field) == true, "\(row.members): \(answer?.rawText ?? "none")")
      }
      #expect(await api.operations() == [])
    }
  }

  @Test("fail alone in a batch, and with all others in an atomic one")
  func batches() async throws {
    try await TestAPI.withAttachments { api in
      let good = "{\"method\":\"post\",\"object\":{\"type\":\"crate\",\"pass\":\(Samples.upload(Samples.pdf))}}"
      let bad = "{\"method\":\"post\",\"object\":{\"type\":\"crate\",\"photo\":\(Samples.upload(Samples.pdf))}}"
      let single = await api.send(.post, "batch", "{\"operations\":[\(good),\(bad),\(good)]}")
      #expect(single.json?["operations"]?.elements.map { $0["success"]?.bool } == [true, false, true])
      let atomic = await api.send(.post, "batch", "{\"operations\":[\(good),\(bad)],\"atomic\":true}")
      #expect(
        atomic.json?["operations"]?.elements.map { $0["error"]?["type"]?.string }
          == ["OPERATION_SKIPPED", "INVALID_VALUE"])
      let dry = await api.send(.post, "batch", "{\"operations\":[\(good)],\"dry_run\":true}")
      #expect(dry.json?["operations"]?.elements.map { $0["success"]?.bool } == [true])
      #expect(await api.operations() == ["create", "create"])
    }
  }

  /// What is done to a good address, and the status that it then has.
  private static let addresses: [(change: @Sendable (String, String) -> String, status: Int, type: String)] = [
    ({ address, _ in address.replacing("signature=", with: "signature=A") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in String(address.dropLast()) }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address + "AAAA" }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("expires=1", with: "expires=2") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("expires=1", with: "expires=-1") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("expires=", with: "expires=99999999999999999999") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in String(address.prefix { $0 != "?" }) }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("&signature", with: "&signatur") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("/original", with: "/thumbnail") }, 403, "PERMISSION_DENIED"),
    ({ address, id in address.replacing(id, with: uuid) }, 403, "PERMISSION_DENIED"),
    ({ address, id in address.replacing(id, with: "nope") }, 403, "PERMISSION_DENIED"),
    ({ address, _ in address.replacing("/original", with: "/huge") }, 404, "ROUTE_ERROR"),
    ({ address, _ in address + "&utm=1" }, 200, ""),
  ]

  @Test("by addresses that were altered, or are of something else, get nothing")
  func signatures() async throws {
    try await TestAPI.withAttachments { api in
      let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
      let address = made?["pass"]?["original"]?.string ?? ""
      let id = made?["pass_id"]?.string ?? ""
      for row in Self.addresses {
        let changed = row.change(address, id)
        let answer = await api.fetch(changed)
        #expect(answer.status == row.status && (answer.type ?? "") == row.type, "\(changed): \(answer.text)")
      }
      // Of another deployment with the same key: the signature covers the deployment.
      let model = TestAPI.model(Samples.schema)
      let other = try await api.deployments.create(
        .init(name: "other", environment: "testing", model: try #require(model)))
      let foreign = address.replacing(api.deploymentID, with: other.deployment.id)
      #expect(await api.fetch(foreign).status == 403)
      #expect(
        await api.fetch(address.replacing(api.deploymentID, with: String(repeating: "0", count: 24))).type
          == "ACCOUNT_NOT_FOUND")
      // It was printed at midnight, and lives for two days from there.
      api.clock.advance(byMilliseconds: 172_799_000)
      #expect(await api.fetch(address).status == 200)
      api.clock.advance(byMilliseconds: 1000)
      #expect(await api.fetch(address).status == 403)
    }
  }

  /// Bytes that a browser could take for something else, and with what they go out.
  private static let served: [(bytes: String, type: String, disposition: String, isConfined: Bool)] = [
    (Samples.svg, "image/svg+xml", "inline", true),
    ("<script>alert(1)</script>", "application/xml", "attachment", true),
    ("<!doctype html><b>x", "text/plain; charset=utf-8", "attachment", true),
    ("%PDF-1.4<script>alert(1)</script>", "application/pdf", "inline", false),
    ("GIF89a<script>", "text/plain; charset=utf-8", "attachment", true),
    ("see %PDF-1.4 <script>alert(1)</script>", "text/plain; charset=utf-8", "attachment", true),
    ("{\\rtf1 <script>}", "application/rtf", "attachment", true),
    (
      "<!DOCTYPE svg [<!ENTITY a \"alert(1)\">]><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"&a;\"/>",
      "image/svg+xml", "inline", true
    ),
    ("\u{1}\u{0}", "application/octet-stream", "attachment", true),
    (
      "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "image/svg+xml",
      "inline", true
    ),
  ]

  @Test("that could be run go out so that nothing runs them")
  func harmless() async throws {
    try await TestAPI.withAttachments { api in
      for row in Self.served {
        let made = await api.create("\"file\":\(Samples.upload(row.bytes))").json
        let got = await api.fetch(made?["file"]?["original"]?.string)
        #expect(got.headers["content-type"] == row.type, "\(row.bytes)")
        #expect(got.headers["content-disposition"] == row.disposition, "\(row.bytes)")
        #expect(
          (got.headers["content-security-policy"]?.contains("sandbox") ?? false) == row.isConfined, "\(row.bytes)")
        #expect(got.text == row.bytes)
      }
    }
  }

  /// A `Range`, the status, and what comes.
  private static let ranges: [(range: String, status: Int, text: String)] = [
    ("bytes=0-3", 206, "%PDF"), ("bytes=-4", 206, "pass"), ("bytes=9-", 206, "a pass"), ("bytes=9-999", 206, "a pass"),
    ("bytes=15-", 416, ""), ("bytes=-0", 416, ""), ("bytes=99-100", 416, ""), ("bytes=3-1", 200, Samples.pdf),
    ("items=0-3", 200, Samples.pdf), ("bytes=x", 200, Samples.pdf), ("bytes=0-9,0-9", 200, Samples.pdf),
    ("bytes=" + Array(repeating: "0-0", count: 1000).joined(separator: ","), 200, Samples.pdf),
    ("bytes=0-99999999999999999999999", 206, Samples.pdf),
  ]

  @Test("by ranges give what there is, and 416 where there is nothing")
  func ranged() async throws {
    try await TestAPI.withAttachments { api in
      let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
      let address = made?["pass"]?["original"]?.string
      for row in Self.ranges {
        let got = await api.fetch(address, headers: ["Range": row.range])
        #expect(got.status == row.status, "\(row.range)")
        if row.status == 416 {
          #expect(got.headers["content-range"] == "bytes */15" && got.type == "INVALID_API_REQUEST")
        } else {
          #expect(got.text == row.text, "\(row.range)")
        }
      }
      let parts = await api.fetch(address, headers: ["Range": "bytes=0-3,-4"])
      #expect(parts.status == 206)
      let boundary = parts.headers["content-type"]?.split(separator: "=").last ?? "none"
      #expect(
        parts.text == """
          \r\n--\(boundary)\r\nContent-Type: application/pdf\r\nContent-Range: bytes 0-3/15\r\n\r\n%PDF\
          \r\n--\(boundary)\r\nContent-Type: application/pdf\r\nContent-Range: bytes 11-14/15\r\n\r\npass\
          \r\n--\(boundary)--\r\n
          """)
      let whole = await api.fetch(address)
      let tag = whole.headers["etag"] ?? ""
      #expect(await api.fetch(address, headers: ["If-None-Match": tag]).status == 304)
      #expect(await api.fetch(address, headers: ["If-None-Match": "\"x\""]).status == 200)
      #expect(await api.fetch(address, headers: ["Range": "bytes=0-3", "If-Range": tag]).status == 206)
      #expect(await api.fetch(address, headers: ["Range": "bytes=0-3", "If-Range": "\"x\""]).status == 200)
      #expect(await api.fetch(address, .head, headers: ["Range": "bytes=0-3"]).status == 200)
    }
  }
}
