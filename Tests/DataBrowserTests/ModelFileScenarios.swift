import DataBrowser
import HTTPServer
import PageReading
import People
import Testing
import Wire

/// The file of a data model that is sent to be checked.
@Suite("A data model as a file")
struct ModelFileScenarios {
  private static func run(_ body: (TestBrowser, Journey, String) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      let ada = try await browser.joined("Ada", operator: true)
      try await body(browser, ada, "/databrowser/\(browser.deploymentID)/data-model/check")
      #expect(browser.log.faults == [])
    }
  }

  private struct Sender {
    let browser: TestBrowser
    var journey: Journey
    let path: String

    private var headers: [String: String] {
      ["Host": journey.host, "Cookie": journey.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
    }

    /// What comes of sending this file with the form as it stands.
    mutating func send(
      _ bytes: [UInt8], named name: String = "schema.xml", typed: String? = nil, ticket: String? = nil,
      pieces: Int = 4096
    ) async throws -> TestBrowser.Streamed {
      try await journey.open(path)
      let form = journey.page.all("form").first { $0.attributes["action"] == path }
      #expect(form?.attributes["enctype"] == "multipart/form-data")
      var fields = try #require(journey.fields(of: path))
      #expect(fields.first?.0 == "ticket")
      if let ticket { fields[0].1 = ticket }
      fields.removeAll { $0.0 == "file" || (typed != nil && $0.0 == "document") }
      if let typed { fields.append(("document", typed)) }
      var body: [UInt8] = []
      for (name, value) in fields {
        body += Array("--bb\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
      }
      body += Array("--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n".utf8)
      body += bytes + Array("\r\n--bb--\r\n".utf8)
      return await browser.stream(path, body, headers: headers, pieces: pieces)
    }
  }

  private static let good = Schemas.flights.replacing("label=\"Distance\"", with: "label=\"Ünïcode miles\"")
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  @Test("A file takes the place of what is typed, with or without a mark, and is checked and kept as a paste is")
  func checked() async throws {
    try await Self.run { browser, ada, path in
      var sender = Sender(browser: browser, journey: ada, path: path)
      let crlf = Self.good.replacing("\n", with: "\r\n")
      for bytes in [Array(Self.good.utf8), Self.mark + Array(Self.good.utf8), Array(crlf.utf8)] {
        let answer = try await sender.send(bytes, typed: "<nothing/>")
        #expect(answer.status == 303 && answer.headers["Location"] == path)
        try await sender.journey.open(path)
        #expect(sender.journey.page.text.contains("It can be deployed"))
        #expect(sender.journey.page.element(withID: "document")?.text == "\n" + Self.good)
      }
      // One with errors comes back with each at its line.
      let broken = Array(Schemas.flights.replacing("type=\"date\"", with: "type=\"dat\"").utf8)
      let answer = try await sender.send(broken)
      let page = try answer.page
      #expect(answer.status == 422 && page.faults == [])
      #expect(page.text.contains("Line 11, column"))
      #expect(page.element(withID: "document")?.text.contains("type=\"dat\"") == true)
    }
  }

  @Test(
    "No file and an empty one are none; what is no UTF-8 or too long is refused with the reason, and what was typed stays"
  )
  func refused() async throws {
    try await Self.run { browser, ada, path in
      var sender = Sender(browser: browser, journey: ada, path: path)
      for name in ["", "empty.xml"] {
        let answer = try await sender.send([], named: name, typed: Self.good)
        #expect(answer.status == 303, "\(name)")
      }
      let utf16: [UInt8] = [0xFF, 0xFE] + Self.good.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      for (bytes, reason) in [
        (utf16, "is UTF-16"), (Array("<a>\n\u{20}".utf8) + [0xC3, 0x28], "no UTF-8 in line 2"), ([0xFF], "in line 1"),
        (Array(repeating: UInt8(ascii: " "), count: (1 << 20) + 1), "more than 1,048,576 bytes"),
      ] {
        let answer = try await sender.send(bytes, typed: Self.good, pieces: 65_536)
        let page = try answer.page
        #expect(answer.status == 422 && page.faults == [], "\(reason)")
        #expect(page.text.contains("The file") && page.text.contains(reason), "\(reason)")
        #expect(page.element(withID: "document")?.text == "\n" + Self.good, "\(reason)")
      }
      let most = try await sender.send(Array(repeating: UInt8(ascii: " "), count: 1 << 20), pieces: 65_536)
      #expect(most.status == 422 && !String(decoding: most.bytes, as: UTF8.self).contains("more than"))
    }
  }

  @Test("A form with a bad ticket is refused before its file")
  func before() async throws {
    try await Self.run { browser, ada, path in
      var sender = Sender(browser: browser, journey: ada, path: path)
      let bytes = Array(repeating: UInt8(ascii: " "), count: 1 << 20)
      let answer = try await sender.send(bytes, typed: "x", ticket: "x", pieces: 1000)
      #expect(answer.status == 403 && answer.pieces < 10)
    }
  }
}
