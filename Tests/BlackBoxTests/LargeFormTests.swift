import Glibc
import JSON
import PageReading
import ServerUnderTest
import Testing

/// Forms that are far too long, cut off, or refused before their file has come, over a socket.
@Suite("Forms of 10 MB")
struct LargeFormTests {
  private static let schema = """
    <data-model><model name="crate" label="Crate"><field name="text" label="Text" type="text"/>
    <field name="file" label="File" type="attachment" media="any"/><display>{text}</display></model></data-model>
    """
  private static let size = 10_000_000
  private let server: ServerUnderTest
  private let session: String
  private let object: String
  private var below: String { "/databrowser/\(server.id)" }
  private var edit: String { "\(below)/models/crate/\(object)/edit" }

  init() throws {
    server = try ServerUnderTest(schema: Self.schema, arguments: ["--second-factor", "none"])
    session = try server.firstOperator().session
    let made = try server.json("POST", "/objects/crate.json", #"{"crate":{"text":"as it was"}}"#)
    object = try #require(try made.json["id"]?.string)
  }

  /// A page that says what was too much, and that nothing was done.
  private func check(_ answer: Answer, _ status: Int, _ words: String) throws {
    #expect(answer.status == status)
    let page = try ReadPage(answer.body)
    #expect(page.faults == [] && page.text.contains(words), "\(page.text.suffix(400))")
    #expect(page.text.contains("Nothing was changed."))
  }

  private func isAsItWas() throws -> Bool {
    let found = try server.json("GET", "/objects/crate/\(object).json").json
    return found["text"]?.string == "as it was" && found["file_id"]?.isNull == true
  }

  /// What the rest of the test takes of memory beyond what it took before.
  private func staysFlat(_ body: () throws -> Void) throws {
    try body()
    let before = try #require(server.peakMemoryKiB)
    for _ in 0..<4 { try body() }
    let more = try #require(server.peakMemoryKiB) - before
    #expect(more < 16 << 10 || SojournBinary.isSanitized, "\(more >> 10) MiB")
  }

  @Test("are refused with the limit in words, before they have come, and what still comes is thrown away")
  func tooLarge() throws {
    let text = String(repeating: "a", count: Self.size)
    let forms = [
      (edit, edit, "v[text]"), ("\(below)/models/crate/new", "\(below)/models/crate/new", "v[text]"),
      ("\(below)/models/crate/filter", "\(below)/models/crate/filter?add=text", "f[0][value]"),
      ("\(below)/models/crate/columns", "\(below)/models/crate/columns", "c[]"),
      ("\(below)/data-model/check", "\(below)/data-model/check", "document"),
    ]
    try staysFlat {
      for (path, page, field) in forms {
        let fields = try server.fields(of: path, on: page, cookie: session)
        let body = PageForms.body(PageForms.typed([(field, text)], into: fields))
        let whole = try server.connection().request(
          "POST", path, headers: PageForms.headers + ["Cookie: \(session)"], body: body)
        try check(whole, 413, "larger than 8,388,608 bytes")
        #expect(whole[header: "connection"] == "close")
        // The answer does not wait for what is thrown away anyhow.
        let slow = try server.connection()
        let head =
          "POST \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: \(session)\r\nContent-Length: \(body.count)\r\n"
          + PageForms.headers.joined(separator: "\r\n") + "\r\n\r\n"
        slow.send(Array(head.utf8) + body[..<100_000])
        try check(try slow.answer(), 413, "larger than 8,388,608 bytes")
        #expect(slow.send(Array(body[100_000...])))
      }
    }
    #expect(try isAsItWas())
    #expect(try server.json("GET", "/objects/crate/count.json").text == #"{"count":1}"#)
  }

  @Test("of which less would do are refused by what the form takes, and the connection goes on")
  func overTheFormsLimit() throws {
    let filter = "\(below)/models/crate/filter"
    let fields = try server.fields(of: filter, on: "\(filter)?add=text", cookie: session)
    let body = PageForms.body(
      PageForms.typed([("f[0][value]", String(repeating: "a", count: 2_000_000))], into: fields))
    let connection = try server.connection()
    let headers = PageForms.headers + ["Cookie: \(session)"]
    try check(
      try connection.request("POST", filter, headers: headers, body: body), 413,
      "A form takes at most 1,048,576 bytes.")
    #expect(try connection.request("GET", filter, headers: ["Cookie: \(session)"]).status == 200)
    // The console is asked by GET: there it is the address that is too long.
    let address = "\(below)/query?model=crate&expression=" + String(repeating: "a", count: 30_000)
    try check(try server.get(address, cookie: session), 414, "The address is too long")
  }

  @Test("with a file are refused before it has come where the ticket is none, also when all of it is sent")
  func badTicket() throws {
    try staysFlat {
      for size in [5_000_000, Self.size] {
        let body = PageForms.body(
          [("ticket", "forged"), ("v[text]", "x")], file: [UInt8](repeating: 7, count: size), for: "file")
        let headers = PageForms.headersWithFiles + ["Cookie: \(session)"]
        let whole = try server.connection().request("POST", edit, headers: headers, body: body)
        try check(whole, 403, "This form cannot be used any more")
      }
    }
    #expect(try isAsItWas())
  }

  @Test("with a file that is cut off, or whose text is too long, store nothing and leave nothing open")
  func cutOff() throws {
    let file = [UInt8](repeating: 7, count: Self.size)
    let fields = try server.fields(of: edit, cookie: session)
    let body = PageForms.body(PageForms.typed([("v[text]", "x")], into: fields), file: file, for: "file")
    let headers = PageForms.headersWithFiles + ["Cookie: \(session)"]
    let files = server.openFiles
    try staysFlat {
      for part in [1000, 300_000, body.count / 2, body.count - 10] {
        let connection = try server.connection()
        let head =
          "POST \(edit) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n"
          + headers.joined(separator: "\r\n") + "\r\n\r\n"
        connection.send(Array(head.utf8) + body[..<part])
      }
      let unended = try server.connection().request("POST", edit, headers: headers, body: Array(body.dropLast(8)))
      try check(unended, 400, "What was sent is no form")
      let long = PageForms.body(
        PageForms.typed([("v[text]", String(repeating: "a", count: 3_000_000))], into: fields), file: [1], for: "file")
      try check(
        try server.connection().request("POST", edit, headers: headers, body: long), 413,
        "A form takes at most 2,097,152 bytes.")
    }
    #expect(try isAsItWas())
    #expect(server.closes(downTo: files), "\(server.openFiles) open, \(files) before")
    // Whole, it is taken.
    #expect(try server.connection().request("POST", edit, headers: headers, body: body).status == 303)
    #expect(try !isAsItWas())
    #expect(!server.log.contains("\"level\":\"error\""))
  }
}
