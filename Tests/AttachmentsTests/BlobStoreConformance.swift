import Crypto
import Glibc
import ServerUnderTest
import Storage
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
  case generations = "generations of the same bytes lie apart, and one file is kept under one after the other"
  case lost = "what is lost is replaced by the same bytes"

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
    case .generations: try await subject.generations()
    case .lost: try await subject.lost()
    }
  }
}

extension BlobStoreConformance.Subject {
  private func filled(_ bytes: [UInt8]) throws -> FilledIntake {
    var intake = try BlobIntake(directory: intake, limit: 1 << 30)
    try bytes.withUnsafeBytes { try intake.append($0) }
    return try intake.finish()
  }

  private func keep(_ text: String) async throws -> BlobKey {
    let intake = try filled(Array(text.utf8))
    try await store.keep(intake)
    return BlobKey(intake.hash)
  }

  private func listed(_ store: any BlobStore) async throws -> [KeptBlob] {
    let listed = Mutex<[KeptBlob]>([])
    try await store.list { portion in listed.withLock { $0 += portion } }
    return listed.withLock { $0.sorted { $0.key.description < $1.key.description } }
  }

  private func content(_ key: BlobKey) async throws -> [UInt8] {
    switch try await store.content(of: key) {
    case .file(let file, let size): return try BlobScene.bytes(of: file, size: size)
    case .elsewhere(let request): return try fetch(request.address(.get, "text/plain", "inline; filename=\"a b.txt\""))
    }
  }

  private func local(_ key: BlobKey) async throws -> [UInt8] {
    let file = try await store.localFile(of: key)
    var status = stat()
    fstat(file.number, &status)
    return try BlobScene.bytes(of: file, size: Int(status.st_size))
  }

  fileprivate func life() async throws {
    let before = SystemClock().milliseconds() / 1000
    let key = try await keep("hello")
    #expect(key.description == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try await store.size(of: key) == 5)
    #expect(try await content(key) == Array("hello".utf8))
    #expect(try await local(key) == Array("hello".utf8))
    let listed = try await listed(store)
    #expect(listed.map(\.key) == [key] && listed.map(\.size) == [5])
    #expect(listed.allSatisfy { abs($0.keptAt - before) < 60 })
    try await store.remove(key)
    try await store.remove(key)
    #expect(try await store.size(of: key) == nil)
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
    let key = try await keep("")
    #expect(try await store.size(of: key) == 0)
    #expect(try await content(key).isEmpty)
    #expect(try await local(key).isEmpty)
  }

  fileprivate func missing() async throws {
    let key = BlobKey(ContentHash(of: [1, 2, 3]))
    #expect(try await store.size(of: key) == nil)
    await #expect(throws: BlobFault.missing) { _ = try await store.content(of: key) }
    await #expect(throws: BlobFault.missing) { _ = try await store.localFile(of: key) }
    try await store.remove(key)
    #expect(try await listed(store).isEmpty)
  }

  fileprivate func many() async throws {
    let texts = (0..<40).map { "blob number \($0 % 25)" }
    let hashes = try await withThrowingTaskGroup(of: (Int, BlobKey).self) { group in
      for (index, text) in texts.enumerated() { group.addTask { (index, try await keep(text)) } }
      return try await group.reduce(into: [Int: BlobKey]()) { $0[$1.0] = $1.1 }
    }
    for (index, text) in texts.enumerated() {
      #expect(try await content(try #require(hashes[index])) == Array(text.utf8))
    }
    #expect(try await listed(store).count == 25)
  }

  fileprivate func pages() async throws {
    let count = severalPages
    let kept = try await withThrowingTaskGroup(of: BlobKey.self) { group in
      for index in 0..<count { group.addTask { try await keep("entry \(index)") } }
      return try await group.reduce(into: Set<BlobKey>()) { $0.insert($1) }
    }
    let listed = try await listed(store)
    #expect(listed.count == count && Set(listed.map(\.key)) == kept)
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
    #expect(try await store.size(of: BlobKey(filled.hash)) == 100 << 20)
    let file = try await store.localFile(of: BlobKey(filled.hash))
    #expect(Self.residentPeak - before < 40 << 20)
    var hash = SHA256()
    try FileSource(descriptor: file.number, count: 100 << 20).walk {
      hash.update($0); return true
    }
    #expect(ContentHash(finishing: hash) == filled.hash)
  }

  fileprivate func apart() async throws {
    let key = try await keep("mine")
    #expect(try await other.size(of: key) == nil)
    #expect(try await listed(other).isEmpty)
    try await other.remove(key)
    #expect(try await store.size(of: key) == 4)
  }

  fileprivate func generations() async throws {
    let intake = try filled(Array("again".utf8))
    let keys = [1, 2, 12].map { BlobKey(intake.hash, generation: $0) }
    try await store.keep(intake)
    try await store.remove(keys[0])
    for key in keys.dropFirst() {
      try await store.keep(intake, at: BlobTarget(generation: key.generation, isLost: false))
    }
    #expect(try await listed(store).map(\.key) == [keys[2], keys[1]])
    try await store.remove(keys[0])
    try await store.remove(keys[2])
    #expect(try await content(keys[1]) == Array("again".utf8))
    #expect(try await store.size(of: keys[0]) == nil)
  }

  fileprivate func lost() async throws {
    let key = try await keep("whole")
    try await store.keep(try filled(Array("whole".utf8)), at: BlobTarget(generation: 1, isLost: true))
    #expect(try await content(key) == Array("whole".utf8))
    try await store.remove(key)
    try await store.keep(try filled(Array("whole".utf8)), at: BlobTarget(generation: 1, isLost: true))
    #expect(try await content(key) == Array("whole".utf8))
    #expect(try await listed(store).map(\.key) == [key])
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
