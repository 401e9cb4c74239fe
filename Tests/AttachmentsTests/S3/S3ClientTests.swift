import Crypto
import HTTPServer
import ServerUnderTest
import Storage
import Synchronization
import Testing
import Wire

@testable import Attachments
@testable import AttachmentsS3

@Suite("An object store that does not answer as it should")
struct S3ClientTests {
  @Test("is asked a few times, with growing pauses, and then is a fault that names it and no secret")
  func unreachable() async throws {
    let pauses = Mutex<[Duration]>([])
    // Nothing listens at port 1.
    let settings = try S3Settings(
      endpoint: "http://127.0.0.1:1", region: "us-east-1", bucket: "attachments", isPathStyle: true,
      accessKey: "test", secretKey: "very-secret")
    let client = try S3Client(settings, clock: ManualClock(), sleep: { pause in pauses.withLock { $0.append(pause) } })
    let store = S3BlobStore(client, prefix: "one", directory: "/tmp")
    do {
      _ = try await store.size(of: BlobKey(ContentHash(of: [1])))
      Issue.record("nobody answers there")
    } catch BlobFault.unavailable(let why) {
      #expect(why.contains("the bucket attachments at http://127.0.0.1:1") && !why.contains("very-secret"), "\(why)")
    }
    let waited = pauses.withLock { $0 }
    #expect(waited.count == S3Client.tries - 1)
    #expect(zip(waited, waited.dropFirst()).allSatisfy { $1 > $0 * 3 })
  }

  @Test(
    "is quoted in the log by its code, cut short",
    arguments: [
      ("<Error><Code>AccessDenied</Code></Error>", "it answered 403 AccessDenied"), ("", "it answered 403"),
      ("<Code>", "it answered 403"), ("</Code><Code>a", "it answered 403"),
    ])
  func problem(body: String, words: String) {
    #expect(S3Response(status: 403, body: Array(body.utf8)).problem == words)
  }

  private func scene(
    _ answers: [Response], _ body: (S3BlobStore, ScriptedStore) async throws -> Void
  ) async throws {
    let handler = ScriptedStore(answers)
    let server = try HTTPServer(
      configuration: ServerConfiguration(listeners: [Listener(scheme: .http, host: "127.0.0.1", port: 0)]),
      handler: handler)
    let settings = try S3Settings(
      endpoint: "http://127.0.0.1:\(server.boundPorts[0])", region: "us-east-1", bucket: "attachments",
      isPathStyle: true, accessKey: "test", secretKey: "very-secret")
    let folder = try TemporaryDirectory()
    let store = S3BlobStore(
      try S3Client(settings, clock: SystemClock(), sleep: { _ in }), prefix: "one", directory: folder.path)
    try await body(store, handler)
    await server.shutdown(grace: 1)
    withExtendedLifetime(folder) {}
  }

  @Test("may be out of order for a moment", arguments: [500, 503, 429])
  func passing(status: Int) async throws {
    let list = Response.xml(200, "<ListBucketResult></ListBucketResult>")
    let busy = Response.xml(status, "<Error><Code>SlowDown</Code></Error>")
    try await scene([busy, busy, list]) { store, handler in
      try await store.list { _ in }
      #expect(handler.requests.count == 3)
      #expect(handler.requests[0].headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=test/") == true)
    }
  }

  @Test(
    "is a fault whose words are for the log",
    arguments: [
      (503, "<Error><Code>SlowDown</Code></Error>", 4, "it answered 503 SlowDown, 4 times"),
      (403, "<Error><Code>AccessDenied</Code></Error>", 1, "it answered 403 AccessDenied"),
      (301, "<Error><Code>PermanentRedirect</Code></Error>", 1, "it answered 301 PermanentRedirect"),
      (404, "<Error><Code>NoSuchBucket</Code></Error>", 1, "NoSuchBucket: is there such a bucket?"),
      (200, "<html>a login page</html>", 1, "its list of objects cannot be read"),
      (200, String(repeating: "x", count: 5_000_000), 1, "its answer is larger than"),
      (
        200,
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken>"
          + "</ListBucketResult>", 2, "does not go on"
      ),
    ])
  func faults(status: Int, body: String, tries: Int, words: String) async throws {
    try await scene([.xml(status, body)]) { store, handler in
      do {
        try await store.list { _ in }
        Issue.record("there is no list")
      } catch BlobFault.unavailable(let why) {
        #expect(why.contains(words) && !why.contains("very-secret"), "\(why)")
      }
      #expect(handler.requests.count == tries)
    }
  }

  @Test("that refuses a file is a fault, and one that lacks it says so")
  func refusedFile() async throws {
    try await scene([.xml(403, "<Error><Code>AccessDenied</Code></Error>")]) { store, _ in
      await #expect(throws: BlobFault.self) { _ = try await store.localFile(of: BlobKey(ContentHash(of: [1]))) }
    }
    try await scene([.xml(404, "")]) { store, _ in
      await #expect(throws: BlobFault.missing) { _ = try await store.localFile(of: BlobKey(ContentHash(of: [1]))) }
    }
  }
}
