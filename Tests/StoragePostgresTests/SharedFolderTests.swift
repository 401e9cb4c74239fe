import Crypto
import ServerUnderTest
import Testing
import Threads
import Wire

@testable import Attachments
@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// Bytes of attachments in a folder that two nodes share: one uploads what the other sweeps.
@Suite(.serialized) struct SharedFolderTests {
  /// What the two of them do, each in its order.
  private enum Step: CaseIterable {
    /// Of the node that uploads: it asks where the bytes are to go, keeps them there, and links them.
    case ask, keep, link
    /// Of the node that sweeps: it marks what nobody needs, takes the bytes away, and forgets them.
    case mark, take, forget

    static let uploading: [Step] = [.ask, .keep, .link]
    static let sweeping: [Step] = [.mark, .take, .forget]

    /// All orders of both.
    static func orders(_ first: ArraySlice<Step>, _ second: ArraySlice<Step>) -> [[Step]] {
      guard let one = first.first, let other = second.first else { return [Array(first) + second] }
      return orders(first.dropFirst(), second).map { [one] + $0 }
        + orders(first, second.dropFirst()).map { [other] + $0 }
    }
  }

  /// One node's way to the ledger and to the folder.
  private struct Node {
    let scene: AttachmentScene
    let bytes: any BlobStore
    let incoming: String

    init(_ scene: AttachmentScene, _ folder: TemporaryDirectory, _ threads: BlockingThreads) throws {
      let engine = try LocalBlobEngine(directory: folder.path + "/blobs", isShared: true, threads: threads)
      self.scene = scene
      bytes = try engine.store(of: PostgresBed.deployment)
      incoming = try engine.intakeDirectory(of: PostgresBed.deployment)
    }

    func taken(in bytes: [UInt8]) throws -> FilledIntake {
      var intake = try BlobIntake(directory: incoming, limit: 100)
      try bytes.withUnsafeBytes { try intake.append($0) }
      return try intake.finish()
    }

    /// - Throws: `StorageError.uploadOutdated` where the bytes went meanwhile.
    func link(_ id: ObjectID, _ key: BlobKey) async throws {
      let new = NewAttachment(
        id: id, hash: key.hash, generation: key.generation, size: 2, traits: 3, fileName: nil)
      try await scene.put(9, photo: id, bringing: [new])
    }

    /// As an upload does: anew where the bytes went meanwhile.
    func upload(_ intake: FilledIntake, as id: ObjectID) async throws -> BlobKey {
      for _ in 0..<5 {
        let target = try await scene.base.store.target(for: intake.hash)
        try await bytes.keep(intake, at: target)
        let key = BlobKey(intake.hash, generation: target.generation)
        do {
          try await link(id, key)
          return key
        } catch StorageError.uploadOutdated { continue }
      }
      throw ConformanceFailure("five uploads were outdated")
    }

    func read(_ id: ObjectID) async throws -> [UInt8] {
      guard let record = try await scene.find(id), let hash = record.hash,
        case .file(let file, let size) = try await bytes.content(of: BlobKey(hash, generation: record.generation))
      else { return [] }
      return try FileSource(descriptor: file.number, count: size).bytes(at: 0, most: size)
    }
  }

  @Test func whatIsUploadedBesideASweepIsThereWhateverTheOrderAlsoAfterALateRemoval() async throws {
    let bed = try PostgresBed()
    let folder = try TemporaryDirectory()
    let threads = try BlockingThreads(count: 2)
    defer { threads.close() }
    let orders = Step.orders(Step.uploading[...], Step.sweeping[...])
    #expect(orders.count == 20)
    try await AttachmentScene.withNodes(bed) { first, second in
      let (here, there) = (try Node(first, folder, threads), try Node(second, folder, threads))
      for (number, order) in orders.enumerated() {
        try await check(order, number, here, there)
      }
    }
    await bed.close()
  }

  private func check(_ order: [Step], _ number: Int, _ here: Node, _ there: Node) async throws {
    let content = [UInt8(number), 7]
    let intake = try here.taken(in: content)
    // Bytes that an attachment had, and which nobody needs any more.
    let old = try await there.upload(try there.taken(in: content), as: .numbered(2000 + number))
    try await there.scene.put(9, photo: nil)
    try await there.scene.sweep(expecting: 1)
    let second = here.scene.base.clock.milliseconds() / 1000 + 20
    let id = ObjectID.numbered(3000 + number)
    var target: BlobTarget?
    var marked: [BlobKey] = []
    for step in order {
      switch step {
      case .ask: target = try await here.scene.base.store.target(for: intake.hash)
      case .keep: if let target { try await here.bytes.keep(intake, at: target) }
      case .link:
        do {
          try await here.link(id, BlobKey(intake.hash, generation: target?.generation ?? 0))
        } catch StorageError.uploadOutdated {
          _ = try await here.upload(intake, as: id)
        }
      case .mark: marked = try await there.scene.base.store.startRemoving([old], unneededBefore: second)
      case .take: for key in marked { try await there.bytes.remove(key) }
      case .forget: try await there.scene.base.store.forget(marked)
      }
    }
    // A node that slept since it saw the mark does what it was about to.
    for key in marked { try await there.bytes.remove(key) }
    for node in [here, there] {
      #expect(try await node.read(id) == content, "\(order), marked: \(marked)")
    }
    // And nothing but what is linked is left to be swept later.
    try await here.scene.put(9, photo: nil)
    try await here.scene.sweep(expecting: 1)
  }
}
