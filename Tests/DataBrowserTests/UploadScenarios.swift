import Attachments
import DataBrowser
import Deployments
import Foundation
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Files in the forms of objects.
@Suite("Forms with files")
struct UploadScenarios {
  private static let flight = EditScenarios.flight

  struct File {
    var field: String
    var name: String
    var bytes: [UInt8]
  }

  /// Enough of a picture to be one.
  static let png: [UInt8] = Array(
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") ?? Data())

  /// What a browser sends of a form with files.
  static func body(_ fields: [(String, String)], _ files: [File]) -> [UInt8] {
    var body: [UInt8] = []
    for (name, value) in fields {
      body += Array("--bb\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    for file in files {
      body += Array(
        "--bb\r\nContent-Disposition: form-data; name=\"f[\(file.field)]\"; filename=\"\(file.name)\"\r\nContent-Type: x/y\r\n\r\n"
          .utf8)
      body += file.bytes + [13, 10]
    }
    return body + Array("--bb--\r\n".utf8)
  }

  private static func fields(_ page: ReadPage, _ action: String, _ typed: [String: String]) throws -> [(String, String)]
  {
    var fields = try #require(FormBrowser(page: page).fields(of: action))
    fields.removeAll { typed[$0.0] != nil }
    return fields + typed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func json(_ browser: TestBrowser) async -> String { await EditScenarios.json(browser, flight) }

  @Test("A file is kept, comes back with a form that is refused, is linked by the save, replaced and removed")
  func kept() async throws {
    try await EditScenarios.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      let page = try await browser.send(.get, edit).page
      #expect(
        page.all("form").first { $0.attributes["action"] == edit }?.attributes["enctype"] == "multipart/form-data")
      let wrong = try Self.fields(page, edit, ["v[distance]": "far", "do": "save"])
      let file = File(field: "photo", name: "My Photo (1).PNG", bytes: Self.png)
      let refused = await browser.stream(edit, Self.body(wrong, [file]))
      #expect(refused.status == 422)
      let again = try refused.page
      #expect(again.faults == [] && again.text.contains("my photo -1-.png"))
      let id = try #require(
        FormBrowser(page: again).fields(of: edit)?.first { $0.0 == "v[photo]" }?.1)
      let unsaved = await Self.json(browser)
      #expect(ObjectID(id) != nil && !unsaved.contains(id))
      // The file is not chosen again.
      let right = try Self.fields(again, edit, ["v[distance]": "7", "do": "save"])
      let saved = await browser.stream(
        edit, Self.body(right, [File(field: "photo", name: "", bytes: [])]))
      #expect(saved.status == 303)
      #expect((await Self.json(browser)).contains("\"photo_id\":\"\(id)\""))
      let third = try await browser.send(.get, edit).page
      let removed = await browser.stream(
        edit, Self.body(try Self.fields(third, edit, ["n[photo]": "1", "do": "save"]), []))
      #expect(removed.status == 303)
      #expect((await Self.json(browser)).contains("\"photo_id\":null"))
    }
  }

  @Test("A file that the field does not take is refused at the field, and nothing is saved")
  func refused() async throws {
    try await EditScenarios.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      let before = await Self.json(browser)
      let page = try await browser.send(.get, edit).page
      let form = try Self.fields(page, edit, ["v[distance]": "7", "do": "save"])
      let text = File(field: "photo", name: "a.png", bytes: Array("no picture".utf8))
      let answer = await browser.stream(edit, Self.body(form, [text, File(field: "number", name: "x", bytes: [1])]))
      #expect(answer.status == 422)
      #expect(try answer.page.text.contains("Photo: the file is refused: it looks like"))
      #expect(await Self.json(browser) == before)
    }
  }

  @Test("A form with a file that is sent again is in no conflict with itself, and with another file it is")
  func again() async throws {
    try await EditScenarios.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      let page = try await browser.send(.get, edit).page
      let fields = try Self.fields(page, edit, ["v[distance]": "7", "do": "save"])
      func send(_ name: String, _ bytes: [UInt8] = Self.png) async -> TestBrowser.Streamed {
        await browser.stream(edit, Self.body(fields, [File(field: "photo", name: name, bytes: bytes)]))
      }
      #expect(await send("a.png").status == 303)
      let saved = await Self.json(browser)
      #expect(await send("a.png").status == 303)
      #expect(await Self.json(browser) == saved)
      for other in [await send("b.png"), await send("a.png", Self.png + [7])] {
        #expect(other.status == 409)
        #expect(try other.page.text.contains("Changed by somebody else meanwhile"))
      }
      #expect(await Self.json(browser) == saved)
    }
  }

  @Test("A form with a bad ticket is refused before its first file; one that is to be held keeps its fields alone")
  func before() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.usePeople()
      var editor = try await RevealScenarios.joined(browser, .editor)
      let edit = "/databrowser/\(browser.deploymentID)\(Self.flight)/edit"
      try await editor.open(edit)
      let cookie = editor.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let headers = ["Host": editor.host, "Cookie": cookie]
      let file = File(field: "photo", name: "a.png", bytes: Self.png + [UInt8](repeating: 7, count: 1 << 20))
      let forged = Self.body([("ticket", "x"), ("c[number]", "0")], [file])
      let early = await browser.stream(edit, forged, headers: headers, pieces: 1000)
      #expect(early.status == 403 && early.pieces < 10)
      let good = try Self.fields(editor.page, edit, ["v[number]": "Zq9", "do": "save"])
      let held = await browser.stream(edit, Self.body(good, [file]), headers: ["Host": editor.host])
      #expect(held.status == 303 && held.headers["Location"]?.hasPrefix("/databrowser/sign-in?to=") == true)
      try await editor.open("/databrowser/held/1")
      #expect(editor.page.element(withID: "field-number")?.attributes["value"] == "Zq9")
      // The question that a module asks first is answered, and never kept.
      let ticket = try #require(good.first).1
      for (sent, status) in [(headers, 204), (["Host": editor.host], 303)] {
        let asked = await browser.send(
          .post, edit, form: "ticket=\(ticket)&do=ask", headers: sent.merging(TestBrowser.ours) { $1 })
        #expect(asked.status == status)
      }
      try await editor.open("/databrowser/held/2")
      #expect(editor.status == 404)
      // Cut off, nothing is saved.
      let cut = await browser.stream(edit, Self.body(good, [file]).dropLast(20), headers: headers)
      #expect(cut.status == 400)
      try await editor.open("/databrowser/\(browser.deploymentID)\(Self.flight)")
      #expect(!editor.page.text.contains("Zq9"))
    }
  }

  @Test(
    "Names of files become such as attachments have",
    arguments: [
      ("IMG 1234.JPG", "img 1234.jpg"), ("C:\\temp\\Ä.png", "-.png"), ("../../etc/passwd", "passwd"), ("", "file"),
      ("..", "file"), ("a%22b", "a-22b"),
    ])
  func names(_ name: String, _ expected: String) { #expect(UploadName.clean(name) == expected) }
}

extension TestBrowser {
  struct Streamed {
    var status: Int
    var headers: [String: String]
    var bytes: [UInt8]
    /// That were taken before the answer.
    var pieces: Int

    var page: ReadPage { get throws { try ReadPage(bytes) } }
  }

  /// Sends a form with files as a server passes it on.
  func stream(
    _ path: String, _ body: some Collection<UInt8>, headers: [String: String] = ["Host": "here"], pieces size: Int = 300
  ) async -> Streamed {
    let fields = headers.merging(Self.ours) { $1 }.map { (name: $0.key, value: $0.value) }
    let head = RequestHead(
      method: .post, rawPath: path,
      headers: Headers(fields + [("Content-Type", "multipart/form-data; boundary=bb")]), scheme: "http",
      requestID: "test")
    guard case .stream(let receiver) = handler.verdict(on: head) else {
      return Streamed(status: 0, headers: [:], bytes: [], pieces: 0)
    }
    let bytes = Array(body)
    #expect(bytes.count <= receiver.limit)
    var count = 0
    var response: Response?
    for start in stride(from: 0, to: bytes.count, by: size) where response == nil {
      let block = ByteBlock(
        Array(bytes[start..<min(bytes.count, start + size)]) + [UInt8](repeating: 0, count: RequestBody.padding))
      let piece = RequestBody(bytes: UnsafeRawBufferPointer(rebasing: block.bytes.dropLast(RequestBody.padding))) {
        withExtendedLifetime(block) {}
      }
      count += 1
      response = await receiver.receive(piece)
    }
    let end: Response
    if let response { end = response } else { end = await receiver.finish() }
    var found = Streamed(
      status: end.status,
      headers: Dictionary(end.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }), bytes: [],
      pieces: count)
    if case .block(let block) = end.body { found.bytes = Array(block.bytes) }
    return found
  }
}
