import Attachments
import Crypto
import Deployments
import Foundation
import HTTPServer
import JSON
import Storage
import Synchronization
import Testing
import Threads
import Wire

@testable import AttachmentsS3

@Suite("Attachments' bytes")
struct AttachmentSweepScenarios {
  private typealias Samples = AttachmentSamples
  private static let hash = ContentHash(of: Array(Samples.pdf.utf8))
  private static let key = BlobKey(hash)
  private static let next = BlobKey(hash, generation: 2)

  private func sweep(_ api: TestAPI) throws -> AttachmentSweep {
    let deployment = try #require(api.deployments[api.deploymentID])
    return AttachmentSweep(deployment.store, try api.blobs, at: api.clock.now)
  }

  private func store(_ api: TestAPI) throws -> any BlobStore { try api.blobs.store }

  @Test("go a day after the last object let go of them, and not before")
  func unlinked() async throws {
    try await TestAPI.withAttachments { api in
      let first = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
      let second = await api.create("\"pass\":\(Samples.upload(Samples.pdf, "b.pdf"))").json
      let id = second?["id"]?.string ?? ""
      _ = await api.send(.delete, "objects/crate/\(first?["id"]?.string ?? "")")
      api.clock.advance(byMilliseconds: 86_401_000)
      let swept = try await sweep(api).run()
      #expect(swept == .init(attachments: 1, blobs: 0))
      #expect(await api.fetch(await api.crate(id)?["pass"]?["original"]?.string).status == 200)
      _ = await api.patch(id, "\"pass\":null")
      api.clock.advance(byMilliseconds: 86_400_000)
      #expect(try await sweep(api).run() == .init())
      #expect(try await store(api).size(of: Self.key) == 15)
      api.clock.advance(byMilliseconds: 1000)
      #expect(try await sweep(api).run() == .init(attachments: 1, blobs: 1))
      #expect(try await store(api).size(of: Self.key) == nil)
      #expect(await api.send(.get, "oplog?limit=1").text.contains("\"pass\":{\"state\":\"missing\"}"))
      #expect(
        await api.patch(id, "\"pass\":\(Samples.upload(Samples.pdf))").json?["pass"]?["state"]?.string == "uploaded")
    }
  }

  /// Bytes that nothing has linked for long, and an object that links none.
  private func letGo(_ api: TestAPI) async throws -> String {
    let id = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json?["id"]?.string ?? ""
    _ = await api.patch(id, "\"pass\":null")
    api.clock.advance(byMilliseconds: 200_000_000)
    return id
  }

  @Test("that come while they are being removed are kept apart, and stay", arguments: ["one", "batch", "raw"])
  func meeting(way: String) async throws {
    let blobs = try MeddledBlobs()
    let api = try await TestAPI(schema: Samples.schema, blobs: blobs)
    let id = try await letGo(api)
    // The sweep runs when the bytes are kept and the plan that links them is not done.
    let sweep = try sweep(api)
    blobs.afterNextKeep {
      let swept = try await sweep.run()
      #expect(swept == .init(attachments: 1, blobs: 1))
    }
    let member = "\"pass\":\(Samples.upload(Samples.pdf))"
    switch way {
    case "one": #expect(await api.patch(id, member).status == 200)
    case "batch":
      let operation = "{\"method\":\"patch\",\"object\":{\"type\":\"crate\",\"id\":\"\(id)\",\(member)}}"
      #expect(await api.send(.post, "batch", "{\"operations\":[\(operation)]}").status == 200)
    default:
      let made = await api.send(.post, "attachments", Samples.pdf).json?["id"]?.string ?? ""
      #expect(await api.patch(id, "\"pass_id\":\"\(made)\"").status == 200)
    }
    let store = try store(api)
    #expect(try await store.size(of: Self.key) == nil)
    #expect(try await store.size(of: Self.next) == 15)
    #expect(try await sweep.run() == .init())
    let got = await api.fetch(await api.crate(id)?["pass"]?["original"]?.string)
    #expect(got.status == 200 && got.text == Samples.pdf)
    await api.deployments.close()
    api.attachments.close()
  }

  @Test("that a crash left marked go with the next sweep, and those that came again stay")
  func marked() async throws {
    try await TestAPI.withAttachments { api in
      let id = try await letGo(api)
      let ledger = try #require(api.deployments[api.deploymentID]).store
      #expect(try await ledger.sweepAttachments(unlinkedBefore: .max, most: 10) == 1)
      #expect(try await ledger.startRemoving([Self.key], unneededBefore: .max) == [Self.key])
      #expect(await api.patch(id, "\"pass\":\(Samples.upload(Samples.pdf))").status == 200)
      #expect(try await store(api).size(of: Self.key) == 15)
      #expect(try await sweep(api).run() == .init(attachments: 0, blobs: 1))
      #expect(try await store(api).size(of: Self.key) == nil)
      #expect(try await store(api).size(of: Self.next) == 15)
      #expect(await api.fetch(await api.crate(id)?["pass"]?["original"]?.string).text == Samples.pdf)
    }
  }

  @Test("that no attachment has are found and removed once they are a day old")
  func orphans() async throws {
    try await TestAPI.withAttachments { api in
      _ = await api.create("\"file\":\(Samples.upload("kept"))")
      let blobs = try api.blobs
      let intake = try await blobs.takeIn { piece in try Array("stray".utf8).withUnsafeBytes { try piece($0) } }
      try await blobs.store.keep(intake, at: BlobTarget(generation: 1, isLost: false))
      let found = Mutex<[ContentHash]>([])
      // Files are dated by the machine's clock, which is ahead of the test's.
      try await sweep(api).orphans(isRemoving: true) { old in found.withLock { $0 += old.map(\.key.hash) } }
      #expect(found.withLock { $0 } == [])
      api.clock.set(milliseconds: SystemClock().milliseconds() + 90_000_000)
      try await sweep(api).orphans(isRemoving: false) { old in found.withLock { $0 += old.map(\.key.hash) } }
      #expect(found.withLock { $0 } == [intake.hash])
      #expect(try await blobs.store.size(of: BlobKey(intake.hash)) == 5)
      try await sweep(api).orphans(isRemoving: true)
      #expect(try await blobs.store.size(of: BlobKey(intake.hash)) == nil)
      #expect(try await blobs.store.size(of: BlobKey(ContentHash(of: Array("kept".utf8)))) == 4)
    }
  }

  @Test("that are missing or damaged are found, noted, and mended by the same upload")
  func check() async throws {
    try await TestAPI.withAttachments { api in
      let blobs = try api.blobs
      let store = try #require(api.deployments[api.deploymentID]).store
      let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf)),\"file\":\(Samples.upload("whole"))").json
      let id = made?["id"]?.string ?? ""
      func look(repairing: Bool) async throws -> AttachmentCheck.Findings {
        try await AttachmentCheck(store, blobs).run(after: nil, until: .now + .seconds(60), repairing: repairing)
      }
      #expect(try await look(repairing: true) == .init(blobs: 2, bytes: 20))
      try await blobs.store.remove(Self.key)
      #expect(try await look(repairing: false) == .init(blobs: 2, bytes: 5, missing: [Self.hash]))
      #expect(await api.crate(id)?["pass"]?["state"]?.string == "uploaded")
      #expect(try await look(repairing: true).missing == [Self.hash])
      #expect(await api.crate(id)?["pass"]?.rawText == "{\"state\":\"missing\"}")
      let again = await api.patch(id, "\"pass\":\(Samples.upload(Samples.pdf))").json
      #expect(again?["pass"]?["state"]?.string == "uploaded")
      #expect(again?["pass_id"]?.string == made?["pass_id"]?.string)
      #expect(try await look(repairing: false).missing == [])

      // The same length, other bytes.
      try api.overwrite(Self.hash, with: "%PDF-1.4 b pass")
      #expect(try await look(repairing: false).damaged == [Self.hash])
      #expect(try await look(repairing: true).damaged == [Self.hash])
      #expect(await api.crate(id)?["pass"]?["state"]?.string == "missing")
      #expect(try await look(repairing: false) == .init(blobs: 2, bytes: 5, missing: [Self.hash]))
      // The same upload puts them in place of what is damaged.
      #expect(
        await api.patch(id, "\"pass\":\(Samples.upload(Samples.pdf))").json?["pass"]?["state"]?.string == "uploaded")
      #expect(try await look(repairing: false) == .init(blobs: 2, bytes: 20))
      // Back from a backup.
      try api.overwrite(Self.hash, with: "%PDF-1.4 b pass")
      #expect(try await look(repairing: true).damaged == [Self.hash])
      try api.overwrite(Self.hash, with: Samples.pdf)
      #expect(try await look(repairing: true).found == [Self.hash])
      #expect(await api.crate(id)?["pass"]?["state"]?.string == "uploaded")
    }
  }

  /// script/test starts a server that speaks S3.
  private static let s3Address = getenv("SOJOURN_TEST_S3").map { String(cString: $0) }

  @Test("that lie in an object store are had there, and go from there", .enabled(if: s3Address != nil))
  func objectStore() async throws {
    let settings = try S3Settings(
      endpoint: Self.s3Address, region: "us-east-1", bucket: "sojourn-\(UInt32.random(in: 0...(.max)))",
      isPathStyle: true, accessKey: "test", secretKey: "secret")
    let client = try S3Client(settings, clock: SystemClock())
    _ = try await client.send(S3Request(method: .put, key: nil))
    let intake = NSTemporaryDirectory() + "sojourn-s3-\(UInt32.random(in: 0...(.max)))"
    let api = try await TestAPI(schema: Samples.schema, blobs: try S3BlobEngine(client, directory: intake))
    let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
    let address = made?["pass"]?["original"]?.string
    let got = await api.fetch(address)
    #expect(got.status == 302 && got.headers["location"]?.contains(Self.hash.description) == true)
    #expect(try await store(api).size(of: Self.key) == 15)
    _ = await api.send(.delete, "objects/crate/\(made?["id"]?.string ?? "")")
    #expect(try await sweep(api).run() == .init())
    api.clock.advance(byMilliseconds: 86_401_000)
    #expect(try await sweep(api).run() == .init(attachments: 1, blobs: 1))
    #expect(try await store(api).size(of: Self.key) == nil)
    #expect(await api.fetch(address).status == 404)
    await api.deployments.close()
    api.attachments.close()
    try FileManager.default.removeItem(atPath: intake)
  }

  @Test("are answered with 503 while the deployment's store is closed")
  func closed() async throws {
    let api = try await TestAPI(schema: Samples.schema)
    let address = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json?["pass"]?["original"]?.string
    #expect(await api.fetch(address).status == 200)
    await api.deployments[api.deploymentID]?.store.close()
    let got = await api.fetch(address)
    #expect(got.status == 503 && got.type == "SERVICE_UNAVAILABLE" && got.headers["retry-after"] != nil)
    await api.deployments.close()
    api.attachments.close()
  }

  @Test("whose file is gone when they are fetched are missing from then on")
  func lost() async throws {
    try await TestAPI.withAttachments { api in
      let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
      try await store(api).remove(Self.key)
      let got = await api.fetch(made?["pass"]?["original"]?.string)
      #expect(got.status == 404 && got.type == "OBJECT_NOT_FOUND")
      #expect(await api.crate(made?["id"]?.string ?? "")?["pass"]?.rawText == "{\"state\":\"missing\"}")
      let put = await api.send(.put, "attachments/\(made?["pass_id"]?.string ?? "")", Samples.pdf)
      #expect(put.status == 200, "bytes that were lost may come again")
      #expect(await api.crate(made?["id"]?.string ?? "")?["pass"]?["state"]?.string == "uploaded")
    }
  }

  @Test("that the disk does not take are answered with 503, and nothing is half linked", arguments: ["post", "raw"])
  func fullDisk(way: String) async throws {
    let api = try await TestAPI(schema: Samples.schema, blobs: FullDisk())
    let answer =
      way == "post"
      ? await api.create("\"pass\":\(Samples.upload(Samples.pdf))") : await api.send(.post, "attachments", Samples.pdf)
    #expect(answer.status == 503 && answer.type == "SERVICE_UNAVAILABLE", "\(answer.text)")
    #expect(answer.headers["retry-after"] != nil)
    #expect(!answer.text.contains("full"), "what is wrong with the disk is for the log")
    #expect(await api.send(.get, "objects/crate").json?["total"]?.rawText == "0")
    let store = try #require(api.deployments[api.deploymentID]).store
    #expect(try await store.blobs(after: nil, most: 10).isEmpty)
    await api.deployments.close()
    api.attachments.close()
  }
}

/// A disk that takes files in and has no room where they belong.
private final class FullDisk: BlobEngine, BlobStore {
  func store(of deployment: String) -> any BlobStore { self }
  func intakeDirectory(of deployment: String) -> String { "/tmp" }
  func deployments() -> [String] { [] }
  func remove(deployment: String) {}
  func keep(_ intake: FilledIntake, at target: BlobTarget) throws { throw BlobFault.unavailable("the disk is full") }
  func content(of key: BlobKey) throws -> BlobContent { throw BlobFault.missing }
  func localFile(of key: BlobKey) throws -> OwnedDescriptor { throw BlobFault.missing }
  func size(of key: BlobKey) -> Int? { nil }
  func remove(_ key: BlobKey) {}
  func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) {}
}

/// A disk on which something happens between the keeping of bytes and the write that links them.
private final class MeddledBlobs: BlobEngine, BlobStore {
  private let store: LocalBlobStore
  private let directory: String
  private let threads: BlockingThreads
  private let next = Mutex<(@Sendable () async throws -> Void)?>(nil)

  init() throws {
    directory = NSTemporaryDirectory() + "sojourn-blobs-\(UUID().uuidString)"
    threads = try BlockingThreads(count: 2)
    store = LocalBlobStore(try LocalBlobs(directory: directory), threads: threads)
  }

  deinit {
    threads.close()
    try? FileManager.default.removeItem(atPath: directory)
  }

  func afterNextKeep(_ body: @escaping @Sendable () async throws -> Void) { next.withLock { $0 = body } }

  func keep(_ intake: FilledIntake, at target: BlobTarget) async throws {
    try await store.keep(intake, at: target)
    let meddle = next.withLock { next in
      defer { next = nil }
      return next
    }
    try await meddle?()
  }

  func store(of deployment: String) -> any BlobStore { self }
  func intakeDirectory(of deployment: String) -> String { directory + "/incoming" }
  func deployments() -> [String] { [] }
  func remove(deployment: String) {}
  func content(of key: BlobKey) async throws -> BlobContent { try await store.content(of: key) }
  func size(of key: BlobKey) async throws -> Int? { try await store.size(of: key) }
  func remove(_ key: BlobKey) async throws { try await store.remove(key) }
  func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws { try await store.list(portion) }
}
