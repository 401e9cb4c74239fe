import Foundation
import Storage
import Synchronization
import Testing
import Wire

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

  @Test("are kept under their hash, found again, listed and removed")
  func life() async throws {
    try await scene { store, directory in
      let intake = try filled(Array("hello".utf8), in: directory)
      #expect(intake.hash.description == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
      #expect(intake.size == 5)
      #expect(intake.traits == .text)
      #expect(try await store.size(of: intake.hash) == nil)
      try await store.keep(intake)
      try await store.keep(try filled(Array("hello".utf8), in: directory))
      #expect(try await store.size(of: intake.hash) == 5)
      guard case .file(let file, let size) = try await store.content(of: intake.hash) else {
        Issue.record("a local blob is a file")
        return
      }
      #expect(try FileSource(descriptor: file.number, count: size).bytes(at: 1, most: 10) == Array("ello".utf8))
      let listed = Mutex<[KeptBlob]>([])
      try await store.list { portion in listed.withLock { $0 += portion } }
      #expect(listed.withLock { $0.map(\.hash) } == [intake.hash])
      try await store.remove(intake.hash)
      try await store.remove(intake.hash)
      #expect(try await store.size(of: intake.hash) == nil)
      await #expect(throws: BlobFault.missing) { _ = try await store.content(of: intake.hash) }
    }
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
      #expect(try await store.size(of: intake.hash) == 5)
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
