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
      _ = try await store.size(of: ContentHash(of: [1]))
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
}
