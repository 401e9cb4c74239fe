import Crypto
import JSON
import ServerUnderTest
import Testing
import Wire

/// Pictures that are broken, or more than they seem, through the real server: each has a clear answer.
@Suite(
  "Pictures over HTTP", .enabled(if: PictureLibrary.isInstalled, "libvips is not installed (Debian: libvips42)"))
struct ServedPictureTests {
  private static let schema = """
    <data-model><model name="crate" label="Crate">
    <field name="photo" label="Photo" type="photo"/><field name="sign" label="Sign" type="signature"/>
    <field name="file" label="File" type="attachment" media="any"/>
    <field name="pass" label="Pass" type="attachment" media="application/pdf"/>
    <display>Crate</display></model></data-model>
    """

  /// What is uploaded where, the status of that, and of each smaller picture; nil where it has no address.
  private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var field = "photo"
    let bytes: [UInt8]
    var upload = 200
    var thumbnail: Int?
    /// Of what the original and the smaller picture are served as.
    var original = ""
    var smaller = ""
    /// Whether the original goes out so that a browser runs nothing of it.
    var isConfined = true
  }

  private static let png = PNGFile(width: 300, height: 300).bytes
  private static let jpeg = Base64.decode(PNGFile.turnedJPEG) ?? []
  private static let script = "<script>alert(document.domain)</script>"
  private static let svg = Array(
    """
    <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">\(script)<a href="javascript:alert(1)"><text>x</text></a>
    <foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject></svg>
    """.utf8)

  private static let cases: [Case] = [
    Case(testDescription: "a whole PNG", bytes: png, thumbnail: 200, original: "image/png", smaller: "image/jpeg"),
    Case(
      testDescription: "a PNG that is cut in half", bytes: Array(png.prefix(png.count / 2)), thumbnail: 404,
      original: "image/png"),
    Case(
      testDescription: "a PNG's head alone", bytes: PNGFile(width: 9, height: 9).head, thumbnail: 404,
      original: "image/png"),
    Case(
      testDescription: "a PNG's first eight bytes", bytes: Array(png.prefix(8)), thumbnail: 404, original: "image/png"),
    Case(testDescription: "seven of them", bytes: Array(png.prefix(7)), upload: 422),
    Case(
      testDescription: "a JPEG that is cut short", bytes: Array(jpeg.prefix(60)), thumbnail: 404, original: "image/jpeg"
    ),
    Case(
      testDescription: "three bytes of a JPEG", bytes: Array(jpeg.prefix(3)), thumbnail: 404, original: "image/jpeg"),
    Case(
      testDescription: "a WebP's head", bytes: Array("RIFF\u{4}\0\0\0WEBPVP8 ".utf8), thumbnail: 404,
      original: "image/webp"),
    Case(
      testDescription: "a bomb of 400 megapixels", bytes: PNGFile(width: 20_000, height: 20_000).bomb, thumbnail: 404,
      original: "image/png"),
    Case(testDescription: "nothing", bytes: [], upload: 422),
    Case(
      testDescription: "a PNG with a page behind it", bytes: png + Array(script.utf8), thumbnail: 200,
      original: "image/png", smaller: "image/jpeg"),
    Case(
      testDescription: "a PNG with an archive behind it", bytes: png + [0x50, 0x4b, 3, 4, 0, 0], thumbnail: 200,
      original: "image/png", smaller: "image/jpeg"),
    Case(
      testDescription: "a JPEG with a page behind it", bytes: jpeg + Array(script.utf8), thumbnail: 200,
      original: "image/jpeg", smaller: "image/jpeg"),
    Case(testDescription: "a page with a PNG behind it", bytes: Array(script.utf8) + png, upload: 422),
    Case(testDescription: "a GIF that is a script", bytes: Array("GIF89a/*\(script)*/=1;".utf8), upload: 422),
    Case(
      testDescription: "a GIF that is a script, for any", field: "file", bytes: Array("GIF89a/*\(script)*/=1;".utf8),
      original: "text/plain; charset=utf-8"),
    Case(
      testDescription: "a PDF that is a page", field: "pass", bytes: Array("%PDF-1.4\n\(script)".utf8),
      original: "application/pdf", isConfined: false),
    Case(testDescription: "a picture that claims to be a PDF", field: "pass", bytes: png, upload: 422),
    Case(testDescription: "a drawing with scripts as a photo", bytes: svg, upload: 422),
    Case(
      testDescription: "a drawing with scripts as a signature", field: "sign", bytes: svg, thumbnail: 200,
      original: "image/svg+xml", smaller: "image/svg+xml"),
    Case(
      testDescription: "a drawing with scripts, for any", field: "file", bytes: svg, thumbnail: 200,
      original: "image/svg+xml", smaller: "image/svg+xml"),
    Case(testDescription: "a drawing that is cut short", field: "sign", bytes: Array(svg.dropLast(6)), upload: 422),
    Case(
      testDescription: "a drawing with a declared entity", field: "sign",
      bytes: Array("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>".utf8), thumbnail: 200,
      original: "image/svg+xml", smaller: "image/svg+xml"),
    Case(
      testDescription: "a drawing with a bomb of entities", field: "sign",
      bytes: Array(
        "<!DOCTYPE svg [<!ENTITY a \"\(String(repeating: "a", count: 9000))\">]><svg>\(String(repeating: "&a;", count: 9000))</svg>"
          .utf8), upload: 422),
  ]

  private static let server: Result<ServerUnderTest, any Error> = Result {
    try ServerUnderTest(schema: schema).endWithTests()
  }

  @Test("that are cut short, several things at once or scripts", arguments: cases.indices)
  func answers(index: Int) throws {
    let one = Self.cases[index]
    let server = try Self.server.get()
    func get(_ address: String?) throws -> Answer {
      let path = address?.split(separator: "/", maxSplits: 2).last.map { "/\($0)" } ?? "/nowhere"
      return try server.connection().request("GET", path)
    }
    func isConfined(_ answer: Answer) -> Bool {
      answer[header: "content-security-policy"]?.contains("sandbox") ?? false
    }
    let made = try server.json(
      "POST", "/objects/crate.json", "{\"crate\":{\"\(one.field)\":{\"base64\":\"\(Base64.encode(one.bytes))\"}}}")
    #expect(made.status == one.upload, "\(one.testDescription): \(made.text)")
    guard made.status == 200 else {
      #expect(made.type == "INVALID_VALUE" && made.detail.hasPrefix(one.field), "\(one.testDescription): \(made.text)")
      return
    }
    let links = try made.json[one.field]
    let original = try get(links?["original"]?.string)
    #expect(original.status == 200 && original.body == one.bytes, "\(one.testDescription)")
    #expect(original[header: "content-type"] == one.original, "\(one.testDescription)")
    #expect(original[header: "x-content-type-options"] == "nosniff", "\(one.testDescription)")
    #expect(isConfined(original) == one.isConfined, "\(one.testDescription)")
    for variant in ["thumbnail", "fullscreen"] {
      let address = links?[variant]?.string
      #expect((address != nil) == (one.thumbnail != nil), "\(one.testDescription): \(made.text)")
      guard let wanted = one.thumbnail else { continue }
      let smaller = try get(address)
      #expect(smaller.status == wanted, "\(one.testDescription), \(variant): \(smaller.text.prefix(300))")
      if wanted == 404 {
        #expect(smaller.type == "OBJECT_NOT_FOUND" && smaller.detail.contains("no picture that can be read"))
        // It is remembered, and says the same.
        #expect(try get(address).status == 404)
      } else {
        #expect(smaller[header: "content-type"] == one.smaller, "\(one.testDescription), \(variant)")
        #expect(isConfined(smaller) == (one.smaller == "image/svg+xml"), "\(one.testDescription), \(variant)")
        // Nothing that was behind the picture comes along.
        #expect(isConfined(smaller) || !smaller.text.contains("alert"), "\(one.testDescription), \(variant)")
      }
    }
  }
}
