import Testing

@testable import AttachmentsS3

@Suite("Settings of an object store")
struct S3SettingsTests {
  private func given(_ change: (inout S3Settings.Given) -> Void = { _ in }) -> S3Settings.Given {
    var given = S3Settings.Given()
    given.bucket = "attachments"
    given.accessKey = "AKIA"
    given.secretKey = "very-secret"
    change(&given)
    return given
  }

  private func sentence(_ given: S3Settings.Given) -> String {
    do throws(S3Settings.Fault) {
      _ = try S3Settings.read(given)
      return ""
    } catch { return error.sentence }
  }

  @Test("are none where nothing is given")
  func none() throws { #expect(try S3Settings.read(S3Settings.Given()) == nil) }

  @Test("lead to a host and a path, in either style")
  func addresses() throws {
    let own = try #require(try S3Settings.read(given { $0.region = "eu-central-1" }))
    #expect(own.host == "attachments.s3.eu-central-1.amazonaws.com" && own.path(of: "a/b") == "/a/b")
    #expect(own.path(of: nil) == "/" && own.scheme == "https" && !own.isLoopback)
    let other = try #require(
      try S3Settings.read(
        given {
          $0.endpoint = "http://127.0.0.1:9000/"
          $0.isPathStyle = true
        }))
    #expect(other.host == "127.0.0.1:9000" && other.path(of: "a/b") == "/attachments/a/b")
    #expect(other.path(of: nil) == "/attachments" && other.scheme == "http" && other.isLoopback)
    #expect(try S3Settings.read(given { $0.endpoint = "https://s3.example:443" })?.authority == "s3.example")
    #expect(try S3Settings.read(given { $0.endpoint = "http://[::1]:80" })?.authority == "[::1]")
  }

  @Test("that are given by half say what is missing")
  func half() {
    var bucket = S3Settings.Given()
    bucket.bucket = "attachments"
    #expect(sentence(bucket).contains("SOJOURN_S3_ACCESS_KEY, SOJOURN_S3_SECRET_KEY or SOJOURN_S3_SECRET_KEY_FILE are"))
    #expect(sentence(given { $0.bucket = nil }).contains("SOJOURN_S3_BUCKET is not set"))
    var endpoint = S3Settings.Given()
    endpoint.endpoint = "https://s3.example"
    #expect(sentence(endpoint).contains("SOJOURN_S3_BUCKET"))
  }

  @Test(
    "that cannot be meant are refused by name",
    arguments: [
      "", "s3.example", "ftp://s3.example", "https://", "https://s3.example/bucket", "https://me:pw@s3.example",
      "https://s3.example:0", "https://s3.example:99999", "https://s3.example:x", "https://:9000", "https://a b",
      "https://s3.example:+1", "https://s3.example:1:2", "https://[::1]x", "https://[s3.example]", "https://s3[::1]",
      "https://s3.example?x", "https://s3.example\r\nX: y",
    ])
  func endpoints(text: String) {
    #expect(sentence(given { $0.endpoint = text }).hasPrefix("SOJOURN_S3_ENDPOINT is "), "\(text)")
  }

  @Test("have names within their rules, and secrets are never shown")
  func names() throws {
    for name in ["ab", "Attachments", "a/b", "a b", String(repeating: "a", count: 64), ""] {
      #expect(sentence(given { $0.bucket = name }).contains("SOJOURN_S3_BUCKET"), "\(name)")
    }
    #expect(sentence(given { $0.region = "eu central" }).hasPrefix("SOJOURN_S3_REGION is"))
    let wrong = sentence(given { $0.secretKey = "very\nsecret" })
    #expect(wrong.hasPrefix("SOJOURN_S3_SECRET_KEY ") && !wrong.contains("very"))
    let settings = try #require(try S3Settings.read(given()))
    #expect(!"\(settings)".contains("very-secret") && !String(reflecting: settings).contains("very-secret"))
  }
}
