import Glibc
import Storage
import Synchronization
import Testing
import Wire

@testable import StorageConformance
@testable import StorageSQLite

/// The index of searches, led through every state in which it could be wrong. Each search is held to what its
/// own snapshot lists, and to the way in which it was done.
@Suite("The search index")
struct SearchIndexTests {
  private let bed: SQLiteBed
  private let clock = ManualClock(milliseconds: 1_359_623_100_000)

  init() throws { bed = try SQLiteBed() }

  private var file: String { bed.directory.path + "/\(SQLiteBed.deployment).search" }

  /// A gate in front of each batch of the filler.
  private final class Gate: Sendable {
    private let state = Mutex((allowed: Int.max, arrived: 0))

    func hold() { state.withLock { $0.allowed = 0 } }
    func letGo() { state.withLock { $0.allowed = Int.max } }

    /// Lets one batch through that waits, and returns when it is done and the next one waits.
    func letOne() async throws {
      while !state.withLock({ $0.allowed == 0 && $0.arrived > 0 }) { try await Task.sleep(for: .milliseconds(1)) }
      state.withLock { $0 = (allowed: 1, arrived: 0) }
      while state.withLock({ $0.arrived == 0 }) { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Sendable func pass() {
      // Counts only those who have to wait.
      var isCounted = false
      while true {
        let mayPass = state.withLock { state in
          if state.allowed > 0 {
            if state.allowed != Int.max { state.allowed -= 1 }
            return true
          }
          if !isCounted { state.arrived += 1 }
          isCounted = true
          return false
        }
        if mayPass { return }
        usleep(500)
      }
    }
  }

  private enum Way { case indexed, scanned }

  private func options(_ gate: Gate? = nil) -> SQLiteObjectStore.Options {
    var options = SQLiteBed.options
    if let gate { options.search.beforeBatch = gate.pass }
    return options
  }

  private func create(_ options: SQLiteObjectStore.Options) throws -> SQLiteObjectStore {
    let model = try SampleModel.read(RandomTexts.xml())
    return try bed.create(model, clock: clock, options: options)
  }

  private func scene(_ store: SQLiteObjectStore) -> Scene { Scene(store: store, clock: clock) }

  private func add(_ range: Range<Int>, to store: SQLiteObjectStore, title: String = "number ") async throws {
    let model = try scene(store).model("note")
    try await scene(store).write(
      range.map { .put(model, .numbered($0), try model.row(["title": .text("\(title)\($0)x")])) })
  }

  /// Searches for the text, and holds the answer to the snapshot's objects; gives the ids that were found.
  @discardableResult
  private func search(
    _ text: String, in store: SQLiteObjectStore, _ way: Way?, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [ObjectID] {
    let model = try scene(store).model("note")
    let before = store.file.search.counts
    let search = PlainSearch(model: model)
    let (found, count, all) = try await store.read { snapshot in
      let plan = ReadPlan(model: model, predicate: search.predicate(text), limit: 100_000)
      return (
        try snapshot.states(plan), try snapshot.count(model, plan.predicate),
        try snapshot.states(ReadPlan(model: model, limit: 100_000))
      )
    }
    let expected = all.filter { search.finds(text, in: $0) }.map(\.id)
    #expect(found.map(\.id) == expected, "\(text)", sourceLocation: sourceLocation)
    #expect(count == expected.count, "\(text)", sourceLocation: sourceLocation)
    let after = store.file.search.counts
    switch way {
    case .indexed: #expect(after.indexed == before.indexed + 1, "\(text)", sourceLocation: sourceLocation)
    case .scanned: #expect(after.indexed == before.indexed, "\(text)", sourceLocation: sourceLocation)
    case nil: break
    }
    return found.map(\.id)
  }

  /// Waits until the index holds all that was written.
  private func followed(_ store: SQLiteObjectStore) async throws {
    store.file.search.call()
    let last = try await store.read { try $0.nextSequence() } - 1
    for _ in 0..<20_000 {
      if store.file.search.followedTo >= last, store.file.search.generation != nil { return }
      try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("the index did not follow to \(last): it stands at \(store.file.search.followedTo)")
  }

  @Test("is used once it is filled, and exact with what it has not followed yet")
  func behind() async throws {
    let gate = Gate()
    let store = try create(options(gate))
    gate.hold()
    try await add(0..<300, to: store)
    #expect(try await search("number 7x", in: store, .scanned) == [.numbered(7)])
    #expect(try await search("number 7x", in: store, .scanned) == [.numbered(7)])
    gate.letGo()
    try await followed(store)
    #expect(try await search("NUMBER 7X", in: store, .indexed) == [.numbered(7)])
    gate.hold()
    let model = try scene(store).model("note")
    try await scene(store).write([
      try model.patch(.numbered(7), ["title": .text("else")]),
      try model.patch(.numbered(8), ["body": .text("Number 7x")]),
      .delete(model, .numbered(9)), .create(model, .numbered(900), try model.row(["title": .text("a number 7x, too")])),
    ])
    #expect(try await search("number 7x", in: store, .indexed) == [.numbered(8), .numbered(900)])
    #expect(try await search("number 9x", in: store, .indexed) == [])
    gate.letGo()
    try await followed(store)
    #expect(try await search("number 7x", in: store, .indexed) == [.numbered(8), .numbered(900)])
    #expect(try await search("else", in: store, .indexed) == [.numbered(7)])
    #expect(try await search("number 9x", in: store, .indexed) == [])
    for text in ["7x", "x", "9"] { try await search(text, in: store, .scanned) }
    await store.close()
  }

  @Test("that is ahead of a snapshot is not used for it", arguments: [1, 1000])
  func ahead(changesInBatch: Int) async throws {
    let gate = Gate()
    var options = options(gate)
    options.search.objectsInBatch = changesInBatch
    let store = try create(options)
    try await add(0..<50, to: store)
    try await search("number 7x", in: store, nil)
    try await followed(store)
    let model = try scene(store).model("note")
    let search = PlainSearch(model: model).predicate("between")
    let (begun, goOn) = (Signal(), Signal())
    gate.hold()
    try await scene(store).write(try model.patch(.numbered(7), ["title": .text("between")]))
    let before = store.file.search.counts
    // the reader                         the writer, and the filler
    async let old = store.read { snapshot in
      _ = try snapshot.nextSequence()
      begun.give()
      //                                    7 is no longer "between"
      //                                    follows the first change and meets the second, or follows both
      try goOn.block()
      return try snapshot.states(ReadPlan(model: model, predicate: search, limit: 9)).map(\.id)
    }
    try await begun.wait()
    try await scene(store).write(try model.patch(.numbered(7), ["title": .text("else")]))
    store.file.search.call()
    try await gate.letOne()
    goOn.give()
    #expect(try await old == [.numbered(7)])
    #expect(store.file.search.counts.indexed == before.indexed)
    gate.letGo()
    try await followed(store)
    #expect(try await self.search("between", in: store, .indexed) == [])
    await store.close()
  }

  @Test("is used after a restart, and follows what was written before it")
  func restart() async throws {
    let store = try create(options())
    try await add(0..<100, to: store)
    try await search("number 7x", in: store, nil)
    try await followed(store)
    await store.close()
    let gate = Gate()
    let held = try bed.reopen(clock: clock, options: options(gate))
    gate.hold()
    try await add(100..<120, to: held)
    try await search("number 107x", in: held, .scanned)
    gate.letGo()
    try await followed(held)
    #expect(try await search("number 107x", in: held, .indexed) == [.numbered(107)])
    await held.close()
  }

  @Test("that is deleted, cut or overwritten is made anew, and no search is wrong meanwhile")
  func damaged() async throws {
    let faults: [(String, @Sendable (String) -> Void)] = [
      ("deleted", { path in for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }),
      ("deleted without its log", { path in unlink(path) }),
      ("cut", { path in truncate(path, 5000) }), ("empty", { path in truncate(path, 0) }),
      (
        "overwritten",
        { path in
          let descriptor = Glibc.open(path, O_RDWR)
          let noise = [UInt8](repeating: 0xA5, count: 4096)
          for page in stride(from: 0, to: 40, by: 3) { _ = pwrite(descriptor, noise, noise.count, off_t(page * 4096)) }
          close(descriptor)
        }
      ),
      (
        "another file",
        { path in
          let descriptor = Glibc.open(path, O_RDWR | O_TRUNC)
          _ = write(descriptor, "no database", 11)
          close(descriptor)
        }
      ),
    ]
    var store = try create(options())
    try await add(0..<400, to: store)
    for (name, damage) in faults {
      for isOpen in [false, true] {
        try await search("number 7x", in: store, nil)
        try await followed(store)
        if isOpen {
          damage(file)
        } else {
          await store.close()
          damage(file)
          store = try bed.reopen(clock: clock, options: options())
        }
        try await add(400..<401, to: store, title: name)
        for text in ["number 7x", "number 39", name] { try await search(text, in: store, nil) }
        try await followed(store)
        for text in ["number 7x", "number 39", name] { try await search(text, in: store, nil) }
      }
    }
    await store.close()
  }

  @Test("of a later time than the data is thrown away")
  func restored() async throws {
    func copy(_ from: String, _ to: String) throws {
      let source = Glibc.open(from, O_RDONLY)
      let target = Glibc.open(to, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      defer {
        close(source)
        close(target)
      }
      var size = stat()
      fstat(source, &size)
      var bytes = [UInt8](repeating: 0, count: Int(size.st_size))
      #expect(read(source, &bytes, bytes.count) == bytes.count)
      #expect(write(target, bytes, bytes.count) == bytes.count)
    }
    var store = try create(options())
    try await add(0..<100, to: store)
    await store.close()
    try copy(bed.path, bed.path + ".copy")
    store = try bed.reopen(clock: clock, options: options())
    clock.advance(byMilliseconds: 1000)
    try await add(100..<200, to: store, title: "lost ")
    try await search("lost 107x", in: store, nil)
    try await followed(store)
    await store.close()
    try copy(bed.path + ".copy", bed.path)
    clock.advance(byMilliseconds: 1000)
    store = try bed.reopen(clock: clock, options: options())
    // The same row numbers, other objects.
    try await add(300..<500, to: store, title: "found ")
    for text in ["found 357x", "lost 107x", "lost"] { try await search(text, in: store, nil) }
    try await followed(store)
    for text in ["found 357x", "lost 107x", "lost"] { try await search(text, in: store, .indexed) }
    await store.close()
  }

  @Test("is not used where the oplog no longer holds the entry that it has come to")
  func trimmed() async throws {
    let gate = Gate()
    let store = try create(options(gate))
    try await add(0..<100, to: store)
    try await search("number 7x", in: store, nil)
    try await followed(store)
    gate.hold()
    try await add(7..<8, to: store, title: "changed ")
    try await add(100..<101, to: store)
    do {
      let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
      try connection.run("DELETE FROM oplog WHERE sequence < (SELECT max(sequence) FROM oplog)")
    }
    // A commit of another connection: the reader must not keep its snapshot.
    try await add(101..<102, to: store)
    #expect(try await search("number 7x", in: store, .scanned) == [])
    #expect(try await search("changed 7x", in: store, .scanned) == [.numbered(7)])
    gate.letGo()
    try await followed(store)
    #expect(try await search("number 7x", in: store, .indexed) == [])
    #expect(try await search("changed 7x", in: store, .indexed) == [.numbered(7)])
    await store.close()
  }

  @Test("leaves what is too much to scans, and long texts to the objects")
  func bounds() async throws {
    var options = options()
    options.search.mostCandidates = 20
    options.search.bytesInDocument = 1000
    let store = try create(options)
    try await add(0..<60, to: store)
    let model = try scene(store).model("note")
    let long = String(repeating: "word ", count: 1000) + "needle"
    try await scene(store).write(
      (100..<110).map { .create(model, .numbered($0), try model.row(["body": .text(long)])) })
    try await search("number", in: store, nil)
    try await followed(store)
    try await search("number", in: store, .scanned)
    #expect(try await search("number 7x", in: store, .indexed) == [.numbered(7)])
    #expect(try await search("needle", in: store, .indexed).count == 10)
    try await add(200..<230, to: store)
    try await followed(store)
    #expect(try await search("number 211x", in: store, .indexed) == [.numbered(211)])
    await store.close()
  }

  @Test("is complete after a walk of no objects, and of just as many as batches take", arguments: [0, 10, 20])
  func walks(objects: Int) async throws {
    let gate = Gate()
    var options = options(gate)
    options.search.objectsInBatch = 10
    options.search.leastObjects = -1
    let store = try create(options)
    try await add(0..<20, to: store)
    let model = try scene(store).model("note")
    try await scene(store).write((objects..<20).map { .delete(model, .numbered($0)) })
    // A walk of nothing would be over before the search that asked for it has looked.
    gate.hold()
    try await search("number 7x", in: store, .scanned)
    gate.letGo()
    try await followed(store)
    try await search("number 7x", in: store, .indexed)
    await store.close()
  }

  @Test("goes with the deployment, and is not made where nobody searches much")
  func life() async throws {
    let directory = try TemporaryDirectory()
    let engine = try SQLiteEngine(try DataDirectory(directory.path), clock: clock, options: SQLiteBed.options)
    let id = SQLiteBed.deployment
    let store = try await engine.create(deployment: id, model: try SampleModel.read(RandomTexts.xml()), by: nil)
    let sqlite = try #require(store as? SQLiteObjectStore)
    let path = directory.path + "/deployments/\(id).search"
    try await add(0..<10, to: sqlite)
    #expect(access(path, F_OK) != 0)
    try await search("number 7x", in: sqlite, nil)
    try await followed(sqlite)
    #expect(access(path, F_OK) == 0)
    await store.close()
    try engine.remove(deployment: id)
    for suffix in ["", "-wal", "-shm"] { #expect(access(path + suffix, F_OK) != 0) }
    engine.close()
  }

  @Test("agrees with plain readings of random texts while the filler is held and let go")
  func random() async throws {
    let gate = Gate()
    let store = try create(options(gate))
    var random = RandomTexts(seed: 4711)
    let scene = scene(store)
    for round in 0..<12 {
      let model = try scene.model("note")
      if round % 2 == 0 { gate.hold() } else { gate.letGo() }
      try await scene.write(random.steps(model, on: try await scene.all(model), count: 40))
      if round % 4 == 1 { try await followed(store) }
      try await StorageConformance.check(&random, in: scene, model, searches: 12)
    }
    gate.letGo()
    #expect(store.file.search.counts.indexed > 20, "\(store.file.search.counts)")
    await store.close()
  }
}
