import HTTPServer
import Testing
import Web

@Suite struct AddressTests {
  @Test func partsOfLocalAddressesAreEncoded() {
    #expect(LocalAddress([]).text == "/")
    #expect(LocalAddress(["a b", "c/d", ".."]).text == "/a%20b/c%2Fd/..")
    #expect(
      LocalAddress(["m"], query: [("q[status]", "a&b=c"), ("sort[$natural]", "-1")], fragment: "x y").text
        == "/m?q[status]=a%26b%3Dc&sort[$natural]=-1#x%20y")
    #expect(LocalAddress(fragment: "main").text == "#main")
    #expect(LocalAddress(query: []).text == "?")
    #expect(LocalAddress(query: [("a", "b c")]).text == "?a=b+c")
  }

  @Test(arguments: [
    "https://example.org/a?b=c#d", "http://10.0.0.1:8080/", "HTTPS://EXAMPLE.org", "mailto:anna@example.org",
    "tel:+41-44-1234567", "https://[::1]/",
  ])
  func addressesElsewhereAreTaken(_ text: String) { #expect(WebAddress(text)?.text == text) }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
    "vbscript:x", "https:example.org", "https://", "https:///x", "//example.org", "/local", "https://a b/", "",
    "https://example.org/\"onload=", "https://exa\u{202E}mple.org/", "https://user:pw@example.org/", "tel:alert(1)",
    "file:///etc/passwd", "mailto:nobody", "https://ex\u{85}ample.org/",
  ])
  func othersAreRefused(_ text: String) { #expect(WebAddress(text) == nil) }

  @Test func anAssetIsFoundUnderItsHashAlone() {
    let folder = AssetFolder([Asset("a.js", .module, "1"), Asset("b.css", .style, "2")])
    #expect(folder.hash.count == 16)
    #expect(folder.response(to: "a.js", hash: folder.hash)?.status == 200)
    #expect(folder.response(to: "a.js", hash: "0000000000000000") == nil)
    #expect(folder.response(to: "c.js", hash: folder.hash) == nil)
    #expect(AssetFolder([Asset("a.js", .module, "1"), Asset("b.css", .style, "3")]).hash != folder.hash)
    let headers = folder.response(to: "b.css", hash: folder.hash)?.headers ?? []
    #expect(headers.contains { $0 == ("Cache-Control", "public, max-age=31536000, immutable") })
    #expect(headers.contains { $0 == ("Content-Type", "text/css; charset=utf-8") })
  }

  @Test func pagesLoadNothingFromElsewhere() {
    let policy = PageHeaders.page(imagesFrom: ["https://files.example.org"]).first {
      $0.name == "Content-Security-Policy"
    }
    #expect(
      policy?.value
        == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://files.example.org; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sojourn"
    )
    #expect(PageHeaders.page().contains { $0 == ("Cache-Control", "no-store") })
    #expect(PageHeaders.page().contains { $0 == ("Referrer-Policy", "same-origin") })
  }
}
