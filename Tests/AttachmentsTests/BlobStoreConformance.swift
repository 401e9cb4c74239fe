import Crypto
import Glibc
import ServerUnderTest
import Synchronization
import Testing
import Wire

@testable import Attachments

/// What every engine must do, as cases that run on each of them.
enum BlobStoreConformance: String, CaseIterable, Sendable {
  case life = "bytes are kept under their hash, found again, listed and removed"
  case twice = "the same bytes twice are there once"
  case empty = "no bytes at all can be kept"
  case missing = "what is not there is said to be missing"
  case many = "many at once do not mix"
  case pages = "a list is whole, however long"
  case large = "100 MB go in and out in constant memory"
  case apart = "two stores do not see each other's"

  /// A store to test, and what it takes to look into it.
  struct Subject: Sendable {
    var store: any BlobStore
    /// Another store of the same engine.
    var other: any BlobStore
    /// Where bytes gather before they are kept.
    var intake: String
    /// How many it takes to fill more than one page of a list.
    var severalPages: Int
    /// Gets what an address leads to.
    var fetch: @Sendable (String) throws -> [UInt8]
  }

  func run(on subject: Subject) async throws {
    switch self {
    case .life: try await subject.life()
    case .twice: try await subject.twice()
    case .empty: try await subject.keepsNothing()
    case .missing: try await subject.missing()
    case .many: try await subject.many()
    case .pages: try await subject.pages()
    case .large: try await subject.large()
    case .apart: try await subject.apart()
    }
  }
}

extension BlobStoreConformance.Subject {
  private func filled(_ bytes: [UInt8]) throws -> FilledIntake {
    var intake = try BlobIntake(directory: intake, limit: 1 << 30)
    try bytes.withUnsafeBytes { try intake.append($0) }
    return try intake.finish()
  }

  private func keep(_ text: String) async throws -> ContentHash {
    let intake = try filled(Array(text.utf8))
    try await store.keep(intake)
    return intake.hash
  }

  private func listed(_ store: any BlobStore) async throws -> [KeptBlob] {
    let listed = Mutex<[KeptBlob]>([])
    try await store.list { portion in listed.withLock { $0 += portion } }
    return listed.withLock { $0.sorted { $0.hash.description < $1.hash.description } }
  }

  private func content(_ hash: ContentHash) async throws -> [UInt8] {
    switch try await store.content(of: hash) {
    case .file(let file, let size): return try BlobScene.bytes(of: file, size: size)
    case .elsewhere(let request): return try fetch(request.address(.get, "text/plain", "inline; filename=\"a b.txt\""))
    }
  }

  private func local(_ hash: ContentHash) async throws -> [UInt8] {
    let file = try await store.localFile(of: hash)
    var status = stat()
    fstat(file.number, &status)
    return try BlobScene.bytes(of: file, size: Int(status.st_size))
  }

  fileprivate func life() async throws {
    let before = SystemClock().milliseconds() / 1000
    let hash = try await keep("hello")
    #expect(hash.description == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try await store.size(of: hash) == 5)
    #expect(try await content(hash) == Array("hello".utf8))
    #expect(try await local(hash) == Array("hello".utf8))
    let listed = try await listed(store)
    #expect(listed.map(\.hash) == [hash] && listed.map(\.size) == [5])
    #expect(listed.allSatisfy { abs($0.keptAt - before) < 60 })
    try await store.remove(hash)
    try await store.remove(hash)
    #expect(try await store.size(of: hash) == nil)
    #expect(try await self.listed(store).isEmpty)
  }

  fileprivate func twice() async throws {
    let first = try await keep("the same")
    #expect(try await keep("the same") == first)
    #expect(try await listed(store).count == 1)
    #expect(try await content(first) == Array("the same".utf8))
    #expect(try names().isEmpty)
  }

  fileprivate func keepsNothing() async throws {
    let hash = try await keep("")
    #expect(try await store.size(of: hash) == 0)
    #expect(try await content(hash).isEmpty)
    #expect(try await local(hash).isEmpty)
  }

  fileprivate func missing() async throws {
    let hash = ContentHash(of: [1, 2, 3])
    #expect(try await store.size(of: hash) == nil)
    await #expect(throws: BlobFault.missing) { _ = try await store.content(of: hash) }
    await #expect(throws: BlobFault.missing) { _ = try await store.localFile(of: hash) }
    try await store.remove(hash)
    #expect(try await listed(store).isEmpty)
  }

  fileprivate func many() async throws {
    let texts = (0..<40).map { "blob number \($0 % 25)" }
    let hashes = try await withThrowingTaskGroup(of: (Int, ContentHash).self) { group in
      for (index, text) in texts.enumerated() { group.addTask { (index, try await keep(text)) } }
      return try await group.reduce(into: [Int: ContentHash]()) { $0[$1.0] = $1.1 }
    }
    for (index, text) in texts.enumerated() {
      #expect(try await content(try #require(hashes[index])) == Array(text.utf8))
    }
    #expect(try await listed(store).count == 25)
  }

  fileprivate func pages() async throws {
    let count = severalPages
    let kept = try await withThrowingTaskGroup(of: ContentHash.self) { group in
      for index in 0..<count { group.addTask { try await keep("entry \(index)") } }
      return try await group.reduce(into: Set<ContentHash>()) { $0.insert($1) }
    }
    let listed = try await listed(store)
    #expect(listed.count == count && Set(listed.map(\.hash)) == kept)
  }

  fileprivate func large() async throws {
    var intake = try BlobIntake(directory: intake, limit: 1 << 30)
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    for number in 0..<100 {
      piece[number] = UInt8(number + 1)
      try piece.withUnsafeBytes { try intake.append($0) }
    }
    let filled = try intake.finish()
    let before = Self.residentPeak
    try await store.keep(filled)
    #expect(try await store.size(of: filled.hash) == 100 << 20)
    let file = try await store.localFile(of: filled.hash)
    #expect(Self.residentPeak - before < 40 << 20)
    var hash = SHA256()
    try FileSource(descriptor: file.number, count: 100 << 20).walk {
      hash.update($0); return true
    }
    #expect(ContentHash(finishing: hash) == filled.hash)
  }

  fileprivate func apart() async throws {
    let hash = try await keep("mine")
    #expect(try await other.size(of: hash) == nil)
    #expect(try await listed(other).isEmpty)
    try await other.remove(hash)
    #expect(try await store.size(of: hash) == 4)
  }

  /// What still lies where bytes gather.
  private func names() throws -> [String] { LocalBlobs.names(in: intake).filter { $0 != "." && $0 != ".." } }

  /// In bytes.
  private static var residentPeak: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
