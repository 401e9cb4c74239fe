import Testing

@testable import HTTPServer

@Suite("Request targets")
struct RequestTargetTests {
  @Test(
    "are split at the first question mark and not decoded",
    arguments: [
      ("/", "/", nil), ("/a%20b", "/a%20b", nil), ("/a?b=c?d", "/a", "b=c?d"), ("/?", "/", ""),
      ("?x", "/", "x"), ("http://host", "/", nil), ("http://host/a?b", "/a", "b"),
      ("HTTPS://host:1/a", "/a", nil), ("http://host?q", "/", "q"), ("*", "/*", nil), ("", "/", nil),
      ("a/b", "/a/b", nil), ("/http://x", "/http:/x", nil), ("http:/x", "/http:/x", nil),
    ] as [(String, String, String?)])
  func split(target: String, path: String, query: String?) {
    let read = Array(target.utf8).withUnsafeBytes { RequestTarget($0) }
    #expect(read.rawPath == path)
    #expect(read.rawQuery == query)
    #expect(read.length == target.utf8.count)
  }

  @Test(
    "have several raw slashes of the path as one, and leave encoded ones and the query alone",
    arguments: [
      ("//", "/", nil), ("///a", "/a", nil), ("/a//b///c", "/a/b/c", nil), ("/a//", "/a/", nil),
      ("//host/a", "/host/a", nil), ("http://host//a//b", "/a/b", nil), ("/a%2F%2f/b", "/a%2F%2f/b", nil),
      ("/a%2F/b", "/a%2F/b", nil), ("/a?b=//c", "/a", "b=//c"), ("//?//", "/", "//"),
      ("/\u{e4}//\u{e4}", "/\u{e4}/\u{e4}", nil),
    ] as [(String, String, String?)])
  func slashes(target: String, path: String, query: String?) {
    let read = Array(target.utf8).withUnsafeBytes { RequestTarget($0) }
    #expect(read.rawPath == path && read.rawQuery == query && read.length == target.utf8.count)
  }

  @Test("with a blank are told", arguments: [("/a b", true), ("/a?b ", true), ("/a\tb", true), ("/a%20b", false)])
  func blanks(target: String, hasBlank: Bool) {
    #expect(Array(target.utf8).withUnsafeBytes { RequestTarget($0) }.hasBlank == hasBlank)
  }
}

@Suite("Framing of requests")
struct RequestFramingTests {
  @Test(
    "is read from the header fields",
    arguments: [
      ([], nil, false, nil), ([("Content-Length", "5")], 5, false, nil),
      ([("Transfer-Encoding", "Chunked")], nil, true, nil),
      ([("Content-Length", "5"), ("Content-Length", "5")], 5, false, nil),
      ([("Content-Length", "5"), ("Content-Length", "6")], 5, false, .bodyLength),
      ([("Content-Length", "+5")], nil, false, .bodyLength), ([("Content-Length", "")], nil, false, .bodyLength),
      ([("Content-Length", "99999999999999999999999")], Int.max, false, nil),
      ([("Content-Length", "5"), ("Transfer-Encoding", "chunked")], nil, true, .bodyLength),
      ([("Transfer-Encoding", "gzip, chunked")], nil, true, .bodyLength),
      ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], nil, true, .bodyLength),
      ([("Content-Length ", "5")], nil, false, .fieldName("content-length ")),
    ] as [([(String, String)], Int?, Bool, HeadFault?)])
  func framing(fields: [(String, String)], length: Int?, isChunked: Bool, fault: HeadFault?) {
    let framing = RequestFraming(Headers(fields.map { (name: $0.0, value: $0.1) }))
    #expect(framing.declaredLength == length)
    #expect(framing.isChunked == isChunked)
    #expect(framing.fault == fault)
  }

  @Test("takes names that are tokens, and no others")
  func names() {
    let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    for byte in (0...0x7f) as ClosedRange<UInt8> {
      let name = "x\(Character(Unicode.Scalar(byte)))"
      let fault = RequestFraming(Headers([(name, "1")])).fault
      #expect((fault == nil) == token.contains(byte), "\(byte)")
    }
    #expect(RequestFraming(Headers([("", "1")])).fault == .fieldName(""))
    #expect(RequestFraming(Headers([("X-Ä", "1")])).fault == .fieldName("x-ä"))
  }

  @Test(
    "takes one Host, which HTTP/1.1 needs, and no carriage return in a value",
    arguments: [
      ([("Host", "a")], true, nil), ([], true, .noHost), ([], false, nil), ([("Host", "")], true, nil),
      ([("Host", "a"), ("Host", "a")], true, .severalHosts), ([("Host", "a"), ("host", "b")], false, .severalHosts),
      ([("Host", "a"), ("X-A", "b\rX-B: c")], true, .fieldValue("x-a")),
    ] as [([(String, String)], Bool, HeadFault?)])
  func hosts(fields: [(String, String)], needsHost: Bool, fault: HeadFault?) {
    #expect(RequestFraming(Headers(fields.map { (name: $0.0, value: $0.1) }), needsHost: needsHost).fault == fault)
  }

  @Test(
    "names the coding",
    arguments: [
      (["gzip"], .gzip), (["X-GZIP"], .gzip), (["deflate"], .deflate), (["identity"], .identity),
      ([], .identity),
      (["br"], .unknown("br")), (["gzip", "gzip"], .unknown("several codings")),
      (["gzip, deflate"], .unknown("gzip, deflate")),
    ] as [([String], RequestFraming.Coding)])
  func coding(values: [String], expected: RequestFraming.Coding) {
    #expect(RequestFraming(Headers(values.map { ("Content-Encoding", $0) })).coding == expected)
  }

  @Test(
    "takes the caller's id when it is fit to use",
    arguments: [
      ("abc-1", true), ("", false), ("a b", false), ("é", false), (String(repeating: "x", count: 128), true),
      (String(repeating: "x", count: 129), false), ("a\u{7f}", false),
    ])
  func requestID(value: String, isUsed: Bool) {
    #expect((RequestFraming(Headers([("X-Request-Id", value)])).requestID == value) == isUsed)
  }
}

@Suite("Header fields")
struct HeadersTests {
  private let headers = Headers([
    ("Host", "a"), ("X-A", "1"), ("x-a", "2"), ("Empty", ""), ("Long-Name", "ü"),
  ])

  @Test("are found without regard to case, the first of a name first")
  func lookup() {
    #expect(headers["host"] == "a")
    #expect(headers["x-a"] == "1")
    #expect(headers.all("x-a") == ["1", "2"])
    #expect(headers["empty"] == "")
    #expect(headers["long-name"] == "ü")
    #expect(headers["missing"] == nil)
    #expect(Headers([])["host"] == nil)
  }

  @Test("keep their order, with names in lower case")
  func order() { #expect(headers.fields.map(\.name) == ["host", "x-a", "x-a", "empty", "long-name"]) }
}

@Suite("Fresh request ids")
struct RequestIdentifiersTests {
  @Test("are usable and never the same twice")
  func fresh() {
    var generator = SystemRandomNumberGenerator()
    let identifiers = RequestIdentifiers(using: &generator)
    let drawn = (0..<10_000).map { _ in identifiers.next() }
    #expect(Set(drawn).count == drawn.count)
    #expect(drawn.allSatisfy { $0.utf8.count == 15 && $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } })
  }
}
