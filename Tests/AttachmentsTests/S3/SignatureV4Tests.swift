import Crypto
import Testing
import Wire

@testable import AttachmentsS3

/// The examples of Amazon's documentation, "Signature Calculations for the Authorization Header" and
/// "Authenticating Requests: Using Query Parameters".
@Suite("Signatures of requests to an object store")
struct SignatureV4Tests {
  private let signature = SignatureV4(
    accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")
  private let now = Instant("2013-05-24T00:00:00Z")!
  private static let host = "examplebucket.s3.amazonaws.com"

  struct Example: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var bodyHash = SignatureV4.emptyHash
    var code: String

    var testDescription: String { "\(method) \(path)" }
  }

  static let examples = [
    Example(
      path: "/test.txt", headers: [("range", "bytes=0-9")],
      code: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    Example(
      method: "PUT", path: "/test%24file.text",
      headers: [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
      bodyHash: Hex.encode(SHA256.hash("Welcome to Amazon S3.")),
      code: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    Example(
      query: [("lifecycle", "")], code: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    Example(
      query: [("prefix", "J"), ("max-keys", "2")],
      code: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
  ]

  @Test("are those of the documentation", arguments: examples)
  func documented(example: Example) {
    let headers =
      example.headers + [
        ("host", Self.host), ("x-amz-content-sha256", example.bodyHash), ("x-amz-date", SignatureV4.time(now)),
      ]
    let text = signature.authorization(
      example.method, path: example.path, query: example.query, headers: headers, bodyHash: example.bodyHash, at: now)
    #expect(text.hasSuffix(",Signature=\(example.code)"))
    #expect(text.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"))
  }

  @Test("in an address are those of the documentation")
  func presigned() {
    let query = signature.presigned("GET", path: "/test.txt", host: Self.host, query: [], seconds: 86_400, at: now)
    #expect(
      query.hasSuffix("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"), "\(query)")
    let head = signature.presigned("HEAD", path: "/test.txt", host: Self.host, query: [], seconds: 86_400, at: now)
    #expect(
      head.hasSuffix("&X-Amz-Signature=f9c58dec0c3cada1e6f133547c7b6b2ef9d7df87447a785ad1b23079005271e5"), "\(head)")
  }
}
