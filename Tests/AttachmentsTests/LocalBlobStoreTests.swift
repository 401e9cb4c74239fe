import Crypto
import Foundation
import ServerUnderTest
import Storage
import Testing
import Threads

@testable import Attachments

@Suite("Blobs on local disk")
struct LocalBlobStoreTests {
  private func scene<Result>(_ body: (LocalBlobStore, String) async throws -> Result) async throws -> Result {
    let directory = NSTemporaryDirectory() + "blobs-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let threads = try BlockingThreads(count: 2)
    defer { threads.close() }
    return try await body(LocalBlobStore(try LocalBlobs(directory: directory), threads: threads), directory)
  }

  private func filled(_ bytes: [UInt8], in directory: String) throws -> FilledIntake {
    var intake = try BlobIntake(directory: directory + "/incoming", limit: 1000)
    try bytes.withUnsafeBytes { try intake.append($0) }
    return try intake.finish()
  }

  @Test("keep what every store promises", arguments: BlobStoreConformance.allCases)
  func conformance(promise: BlobStoreConformance) async throws {
    let scene = try BlobScene()
    let other = try LocalBlobs(directory: scene.folder.path + "/other")
    try await promise.run(
      on: BlobStoreConformance.Subject(
        store: scene.store, other: LocalBlobStore(other, threads: scene.threads),
        intake: scene.folder.path + "/blobs/incoming", severalPages: 300, fetch: { _ in [] }))
  }

  @Test("what an earlier process left half done is removed, and what it kept stays")
  func leftovers() async throws {
    let scene = try BlobScene()
    let hash = try await scene.keep(Array("hello".utf8))
    let directory = scene.folder.path + "/blobs"
    _ = try scene.folder.write("half", to: "blobs/incoming/Ab3dEf")
    let again = LocalBlobStore(try LocalBlobs(directory: directory), threads: scene.threads)
    #expect(LocalBlobs.names(in: directory + "/incoming").filter { !$0.hasPrefix(".") }.isEmpty)
    #expect(try await again.size(of: hash) == 5)
  }

  @Test("a file that was cut short is replaced by a whole one")
  func damaged() async throws {
    try await scene { store, directory in
      let intake = try filled(Array("hello".utf8), in: directory)
      try await store.keep(intake)
      let name = intake.hash.description
      let path = "\(directory)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
      try Data("he".utf8).write(to: URL(fileURLWithPath: path))
      try await store.keep(try filled(Array("hello".utf8), in: directory))
      #expect(try await store.size(of: BlobKey(intake.hash)) == 5)
    }
  }

  @Test("what is larger than the limit is refused, and what is not kept leaves nothing")
  func limits() async throws {
    try await scene { _, directory in
      var intake = try BlobIntake(directory: directory + "/incoming", limit: 4)
      let bytes: [UInt8] = [1, 2, 3, 4, 5]
      var refusal: BlobFault?
      bytes.withUnsafeBytes { piece in
        do throws(BlobFault) { try intake.append(piece) } catch { refusal = error }
      }
      #expect(refusal == .tooLarge(limit: 4))
      _ = try intake.finish()
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/incoming").isEmpty)
    }
  }
}
