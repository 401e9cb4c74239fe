import Crypto
import Glibc
import ServerUnderTest
import Storage
import Synchronization
import Testing
import Wire

@testable import Attachments
@testable import AttachmentsS3

/// Against a server that speaks S3, which script/test starts: `SOJOURN_TEST_S3` is its address.
enum S3Server {
  static let address: String? = {
    if let text = getenv("SOJOURN_TEST_S3") { return String(cString: text) }
    print("Tests against an S3 server are skipped: SOJOURN_TEST_S3 gives no address (script/test starts one).")
    return nil
  }()

  static func client(_ bucket: String, endpoint: String? = address) throws -> S3Client {
    let settings = try S3Settings(
      endpoint: endpoint, region: "us-east-1", bucket: bucket, isPathStyle: true, accessKey: "test",
      secretKey: "secret")
    return try S3Client(settings, clock: SystemClock(), sleep: { _ in })
  }

  /// A bucket of its own for each test.
  static func bucket() async throws -> S3Client {
    let client = try client("sojourn-\(UInt32.random(in: 0...(.max)))")
    _ = try await client.send(S3Request(method: .put, key: nil))
    return client
  }

  /// Any client that follows addresses.
  static func get(_ address: String, _ options: [String] = []) throws -> String {
    let folder = try TemporaryDirectory()
    let output = folder.path + "/output"
    let process = try ChildProcess(
      "/usr/bin/curl", ["-s", "--noproxy", "*"] + options + [address], output: output, errors: folder.path + "/errors")
    _ = try process.wait()
    return TemporaryDirectory.text(of: output)
  }
}

@Suite("Blobs in an object store", .enabled(if: S3Server.address != nil, "no S3 server was given"))
struct S3BlobStoreTests {
  private func subject(_ folder: TemporaryDirectory) async throws -> BlobStoreConformance.Subject {
    let client = try await S3Server.bucket()
    return BlobStoreConformance.Subject(
      store: S3BlobStore(client, prefix: "one", directory: folder.path, pageSize: 7),
      other: S3BlobStore(client, prefix: "on", directory: folder.path), intake: folder.path, severalPages: 30,
      fetch: { Array(try S3Server.get($0).utf8) })
  }

  @Test("keep what every store promises", arguments: BlobStoreConformance.allCases)
  func conformance(promise: BlobStoreConformance) async throws {
    let folder = try TemporaryDirectory()
    try await promise.run(on: try await subject(folder))
    withExtendedLifetime(folder) {}
  }

  @Test("are had by an address that says how they are shown, in parts too")
  func address() async throws {
    let folder = try TemporaryDirectory()
    let subject = try await subject(folder)
    var intake = try BlobIntake(directory: folder.path, limit: 100)
    try Array("boarding pass".utf8).withUnsafeBytes { try intake.append($0) }
    let filled = try intake.finish()
    try await subject.store.keep(filled)
    guard case .elsewhere(let request) = try await subject.store.content(of: BlobKey(filled.hash)) else {
      Issue.record("it is elsewhere")
      return
    }
    let address = request.address(.get, "application/pdf", "attachment; filename=\"boarding pass.pdf\"")
    // The server of the tests does not heed these; stores in earnest do.
    #expect(address.contains("&response-content-type=application%2Fpdf&"))
    #expect(address.contains("response-content-disposition=attachment%3B%20filename%3D%22boarding%20pass.pdf%22&"))
    #expect(address.contains("&X-Amz-Expires=900&") && address.contains("&X-Amz-SignedHeaders=host&"))
    #expect(try S3Server.get(address) == "boarding pass")
    #expect(try S3Server.get(address, ["-r", "2-4"]) == "ard")
    // An address is good for one method: a store compares what was signed.
    let looked = request.address(.head, "application/pdf", "inline")
    #expect(try S3Server.get(looked, ["-I"]).lowercased().contains("content-length: 13"))
  }

  @Test("of a deployment are removed together")
  func removal() async throws {
    let folder = try TemporaryDirectory()
    let client = try await S3Server.bucket()
    let store = S3BlobStore(client, prefix: "one", directory: folder.path)
    let other = S3BlobStore(client, prefix: "two", directory: folder.path)
    var keys: [BlobKey] = []
    for text in ["a", "b", "c"] {
      var intake = try BlobIntake(directory: folder.path, limit: 100)
      try Array(text.utf8).withUnsafeBytes { try intake.append($0) }
      let filled = try intake.finish()
      try await store.keep(filled)
      try await other.keep(filled)
      keys.append(BlobKey(filled.hash))
    }
    try await store.removeAll()
    for key in keys {
      #expect(try await store.size(of: key) == nil)
      #expect(try await other.size(of: key) == 1)
    }
  }

  @Test("need a bucket that is there")
  func noBucket() async throws {
    let folder = try TemporaryDirectory()
    let store = S3BlobStore(try S3Server.client("sojourn-nowhere"), prefix: "one", directory: folder.path)
    await #expect(throws: BlobFault.self) { try await store.list { _ in } }
    withExtendedLifetime(folder) {}
  }
}
