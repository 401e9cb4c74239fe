import Testing
import Web

@Suite("Cookies")
struct CookieTests {
  @Test(
    "have names by scheme and port",
    arguments: [
      ("https", "a.example", "__Host-sojourn"), ("https", "a.example:443", "__Host-sojourn"),
      ("https", "a.example:0443", "__Host-sojourn"), ("https", "a.example:8443", "__Host-sojourn-8443"),
      ("https", "[2001:db8::1]:8443", "__Host-sojourn-8443"), ("https", "[::1]", "__Host-sojourn"),
      ("http", "localhost:8080", "sojourn-8080"), ("http", "LOCALHOST", "sojourn-80"),
      ("http", "127.0.0.1:1", "sojourn-1"),
      ("http", "127.9.9.9:8080", "sojourn-8080"), ("http", "[::1]:8080", "sojourn-8080"),
    ])
  func names(scheme: String, host: String, name: String) {
    let scope = CookieScope(scheme: scheme, host: host)
    #expect(scope?.name(of: .session) == name)
    #expect(scope?.name(of: .known) == name.replacing("sojourn", with: "sojourn-known"))
  }

  @Test(
    "are nowhere on plain http but on this machine",
    arguments: [
      "a.example", "localhost.example:80", "127.0.0.1.example", "10.0.0.1:8080", "[::2]", "[::ffff:10.0.0.1]", "",
      "localhost@a.example", "0.0.0.0", "128.0.0.1",
    ])
  func plain(host: String) { #expect(CookieScope(scheme: "http", host: host) == nil) }

  @Test("are set with their marks, and taken away")
  func setting() throws {
    let secure = try #require(CookieScope(scheme: "https", host: "a.example"))
    #expect(
      secure.setting(.session, to: "x") == ("Set-Cookie", "__Host-sojourn=x; Path=/; HttpOnly; SameSite=Lax; Secure"))
    let plain = try #require(CookieScope(scheme: "http", host: "localhost:8080"))
    #expect(
      plain.setting(.known, to: "x", seconds: 5)
        == ("Set-Cookie", "sojourn-known-8080=x; Max-Age=5; Path=/; HttpOnly; SameSite=Lax"))
  }

  @Test("are found by their whole names alone")
  func reading() throws {
    let scope = try #require(CookieScope(scheme: "http", host: "localhost:8080"))
    for (fields, value) in [
      (["sojourn-8080=a"], "a"), (["x=1; sojourn-8080=a=b; y=2"], "a=b"), (["x=1", "sojourn-8080=a"], "a"),
      (["sojourn-8080="], ""), ([], nil), (["sojourn-80800=a"], nil), (["sojourn-808=a"], nil),
      (["sojourn-8081=a"], nil),
      (["sojourn-8080"], nil), (["xsojourn-8080=a"], nil), (["__Host-sojourn-8080=a"], nil), ([";;;=;"], nil),
    ] as [([String], String?)] {
      #expect(scope.value(of: .session, in: fields) == value, "\(fields)")
    }
  }
}
