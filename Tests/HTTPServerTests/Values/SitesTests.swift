import Testing

@testable import HTTPServer

@Suite("Sites")
struct SitesTests {
  /// Prefix of the site that answers at each path; nil where it is the rest.
  static let answering: [(path: String, prefix: String?)] = [
    ("/api", "/api"), ("/api/", "/api"), ("/api/v4/5/objects/flight.json", "/api"), ("//api//v4", "/api"),
    ("/databrowser", "/databrowser"), ("/databrowser/", "/databrowser"), ("/databrowser/me/password", "/databrowser"),
    ("/databrowserx", nil), ("/databrowse", nil), ("/databrowser.json", nil), ("/Databrowser", nil),
    ("/databrowser%20", nil), ("/x/databrowser", nil), ("/docs/errors", nil),
    ("/%64atabrowser/me", "/databrowser"), ("/%61%70%69/v4", "/api"), ("/api%2Fv4", nil), ("/%2Fapi", nil),
    ("/api%", nil), ("/%zz/api", nil), ("/%ff/api", nil), ("/data%00browser", nil),
    ("/", "/"), ("//", "/"), ("", "/"), ("/*", nil),
  ]

  @Test("the first segment says who answers, as it is meant and not as it is written", arguments: answering)
  func first(_ path: String, _ prefix: String?) {
    let rest = TestHandler()
    let named = ["/databrowser", "/", "/api"].map { Site($0, TestHandler()) }
    let site = Sites(named, rest: rest).site(at: path)
    #expect(((site.handler as? TestHandler) === rest ? nil : site.prefix) == prefix)
  }

  @Test("without any site all paths are the rest's, the root too")
  func none() {
    let rest = TestHandler()
    for path in ["/", "", "/api", "/%"] { #expect((Sites(rest: rest).site(at: path).handler as? TestHandler) === rest) }
  }

  @Test("prefixes that are none, and two of one name, are told to the programmer")
  func problems() {
    func problem(_ prefixes: String...) -> String? { Sites.problem(with: prefixes.map { Site($0, TestHandler()) }) }
    #expect(problem("/api", "/databrowser", "/", "/.well-known") == nil)
    #expect(problem("/api", "/health", "/api") == "two sites have the prefix /api")
    #expect(problem("/", "/") == "two sites have the prefix /")
    for prefix in ["/api/v4", "/api/", "/Api", "/a%70i", "//", "/ä", "/a b"] {
      #expect(problem(prefix) == "the prefix \"\(prefix)\" is not one segment of a-z, 0-9, -, . and _")
    }
    for prefix in ["", "api"] { #expect(problem(prefix) == "the prefix \"\(prefix)\" does not begin with /") }
  }

  @Test("a site takes less than the server where it says so, and never more")
  func limits() {
    var server = TransportLimits()
    server.body = 1000
    let open = SiteLimits().within(server)
    #expect((open.requestLine, open.head) == (server.requestLine, server.head))
    #expect((open.body, open.refusedBody) == (1000, 2000))
    var own = SiteLimits()
    (own.requestLine, own.head, own.body, own.refusedBody) = (100, 200, 300, 0)
    #expect(own.within(server) == own)
    own.body = 5000
    #expect(own.within(server).body == 1000)
  }
}
