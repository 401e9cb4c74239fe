import Attachments
import Deployments
import JSON
import Testing

/// Which bytes the fields of each media type take (api.md section 10): what a person's program opens is not refused.
@Suite("Attachments as people's programs write them")
struct AttachmentContentScenarios {
  private typealias Samples = AttachmentSamples

  private static let media = [
    "png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml", "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel", "doc": "application/msword", "xml": "application/xml",
    "txt": "text/plain", "csv": "text/csv", "anritsu": "application/vnd.anritsu",
  ]

  private static let schema =
    "<data-model><model name=\"crate\" label=\"Crate\">"
    + media.sorted { $0.key < $1.key }.map {
      "<field name=\"\($0.key)\" label=\"F\" type=\"attachment\" media=\"\($0.value)\"/>"
    }.joined() + "<display>Crate</display></model></data-model>"

  private static let ole2: [UInt8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]

  private static func wide(_ text: String) -> [UInt8] {
    ([0xfeff] + Array(text.utf16)).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  private struct Row: Sendable {
    var what: String
    var bytes: [UInt8]
    /// The fields that take it; all others but those that take anything refuse it.
    var fields: [String]
    /// As what it is offered, under a name that ends like the first of the fields.
    var type: String

    init(_ what: String, _ bytes: [UInt8], _ fields: [String], _ type: String) {
      (self.what, self.bytes, self.fields, self.type) = (what, bytes, fields, type)
    }

    init(_ what: String, _ text: String, _ fields: [String], _ type: String) {
      self.init(what, Array(text.utf8), fields, type)
    }
  }

  private static let office = "application/vnd.openxmlformats-officedocument"

  private static let rows: [Row] = [
    Row("a PDF behind a line", Array("X-Printer: 7\r\n%PDF-1.4".utf8) + [0], ["pdf"], "application/pdf"),
    Row("a CSV in UTF-16", wide("a,b\r\n1,2\r\n"), ["csv", "txt"], "text/csv; charset=utf-16"),
    Row("a CSV in windows-1252", [0x47, 0x72, 0xfc, 0xdf, 0x65, 0x2c, 0x80], ["csv", "txt"], "text/csv"),
    Row("XML in UTF-16", wide("<?xml version=\"1.0\"?><a/>"), ["xml", "csv", "txt"], "application/xml"),
    Row(
      "XML in windows-1252",
      Array("<?xml version='1.0' encoding='windows-1252'?><a>".utf8) + [0xfc] + Array("</a>".utf8),
      ["xml", "csv", "txt"], "application/xml"),
    Row(
      "an SVG with entities of its own",
      "<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'>]><svg xmlns='&ns;'/>", ["svg", "csv", "txt", "xml"],
      "image/svg+xml"),
    Row(
      "an SVG in UTF-16", wide("<svg xmlns='http://www.w3.org/2000/svg'/>"), ["svg", "csv", "txt", "xml"],
      "image/svg+xml"),
    Row(
      "a workbook as HTML", "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>1<td>2</table>",
      ["xls", "doc", "csv", "txt"], "application/vnd.ms-excel"),
    Row(
      "a workbook as SpreadsheetML",
      "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
      ["xls", "doc", "csv", "txt", "xml"], "application/vnd.ms-excel"),
    Row("RTF", "{\\rtf1\\ansi hello}", ["xls", "doc", "csv", "txt"], "application/vnd.ms-excel"),
    Row("OLE2, as encrypted OOXML is", ole2, ["doc", "docx", "pptx", "xls", "xlsx"], "application/msword"),
    Row("a PNG", Samples.pngBytes, ["png"], "image/png"),
    Row("a ZIP of other things", Samples.zipBytes, [], "application/octet-stream"),
    Row("plain text", "a,b", ["csv", "txt"], "text/csv; charset=utf-8"),
    Row("an SVG without an end", "<svg><g></svg>", ["csv", "txt"], "text/csv; charset=utf-8"),
  ]

  @Test("are taken by the fields of their class and by no others, and say what they look like")
  func classes() async throws {
    let api = try await TestAPI(schema: Self.schema)
    for row in Self.rows {
      for field in Self.media.keys.sorted() {
        let made = await api.create("\"\(field)\":\(Samples.upload(row.bytes))")
        let isTaken = field == "anritsu" || row.fields.contains(field)
        #expect(made.status == (isTaken ? 200 : 422), "\(row.what) in \(field): \(made.text)")
        if !isTaken {
          let detail = made.json?["detail"]?.string ?? ""
          #expect(detail.hasPrefix("\(field): the bytes are refused: they look like "), "\(row.what): \(detail)")
          #expect(detail.contains(Self.media[field] ?? "none"), "\(row.what): \(detail)")
        }
      }
    }
    await api.deployments.close()
    api.attachments.close()
  }

  @Test("go out under the type that their names promise, and nothing that could be run is shown")
  func served() async throws {
    let api = try await TestAPI(schema: Self.schema)
    for row in Self.rows {
      let field = row.fields.first ?? "anritsu"
      let made = await api.create("\"\(field)\":\(Samples.upload(row.bytes, "a.\(field)"))")
      let got = await api.fetch(made.json?[field]?["original"]?.string)
      #expect(got.headers["content-type"] == row.type, "\(row.what)")
      let isShown = ["image/png", "image/svg+xml", "application/pdf"].contains(row.type)
      let disposition = got.headers["content-disposition"] ?? ""
      #expect(disposition.hasPrefix(isShown ? "inline" : "attachment"), "\(row.what): \(disposition)")
      let policy = got.headers["content-security-policy"] ?? ""
      #expect(policy.contains("default-src 'none'") == (row.type != "application/pdf"), "\(row.what)")
    }
    await api.deployments.close()
    api.attachments.close()
  }
}
