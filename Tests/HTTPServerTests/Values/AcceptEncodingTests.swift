import Testing

@testable import HTTPServer

@Suite("Accept-Encoding")
struct AcceptEncodingTests {
  @Test(
    "asks for gzip",
    arguments: [
      ["gzip"], ["GZIP"], ["x-gzip"], ["deflate, gzip"], ["gzip;q=0.5"], ["gzip ; q=0.001"], ["*"],
      ["br;q=1.0, *;q=0.1"], ["br", "gzip"], ["gzip;q=1.000, identity;q=0.5"], ["identity;q=0, *"],
    ])
  func asks(fields: [String]) { #expect(AcceptEncoding.allowsGzip(fields)) }

  @Test(
    "does not ask for gzip",
    arguments: [
      [], [""], ["identity"], ["br"], ["gzip;q=0"], ["gzip;q=0.000"], ["*;q=0"], ["gzip;q=0, *"],
      ["gzip;q=0.5, identity"], ["gzip;q=x"], ["gzip;q="], ["gzip;q"], ["gzip;q=2"], ["gzip;q=0.1234"],
      ["gzipped"], [",,;"],
    ])
  func doesNotAsk(fields: [String]) { #expect(!AcceptEncoding.allowsGzip(fields)) }
}
