import DataModel
import Foundation
import Storage
import Synchronization
import Testing
import Wire

@testable import StorageConformance
@testable import StorageSQLite

/// Files of the layout before the chain, as the version before left them: no entry names the one before it.
@Suite("Entries from before the chain")
struct HistoryLinkingTests {
  private static let objects = 40
  private let bed: SQLiteBed
  private let plain: PlainHistory
  private let clock = ManualClock(milliseconds: Scene.start)

  init() async throws {
    bed = try SQLiteBed()
    let model = try SampleModel.read(SampleModel.flights)
    let scene = Scene(store: try await bed.create(model, clock: clock, waitingWrites: nil), clock: clock)
    var random = SplitMix(seed: 20_131_128)
    var plain = PlainHistory()
    for _ in 0..<60 { try await Self.write(scene, &random) }
    try await plain.follow(scene)
    let cut = plain.entries[plain.entries.count / 5].sequence
    try await scene.trim(before: cut)
    plain.trimmed = try await scene.store.read { try $0.oplogBounds().trimmed }
    self.plain = plain
    await scene.store.close()
    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
    try connection.run(
      """
      DROP INDEX oplog_gone; DROP INDEX oplog_gone_ids; DROP TABLE oplog_links;
      ALTER TABLE oplog DROP COLUMN previous; PRAGMA user_version = 9
      """)
  }

  private static func write(_ scene: Scene, _ random: inout SplitMix) async throws {
    let models = [try scene.model(), try scene.model("airline")]
    var steps: [WriteStep] = []
    for _ in 0..<12 {
      let model = random.pick(models) ?? models[0]
      let id = ObjectID.numbered(Int.random(in: 1...objects, using: &random))
      let text = StoredValue.text("\(Int.random(in: 0...99, using: &random))")
      let row = try model.row([model.name == "flight" ? "tail" : "name": text])
      switch Int.random(in: 0..<6, using: &random) {
      case 0..<2: steps.append(.create(model, id, row))
      case 2..<4: steps.append(.put(model, id, row))
      default: steps.append(.delete(model, id))
      }
    }
    try await scene.write(steps)
  }

  /// - Parameter steps: of linking that are done; nil for all.
  private func open(linking steps: Int? = nil, _ bed: SQLiteBed? = nil) throws -> Scene {
    var options = SQLiteBed.options
    options.report = { if !$0.hasPrefix("The feed") { Issue.record("\($0)") } }
    let left = Countdown(steps ?? .max)
    options.beforeLinking = { if left.next() == 0 { try await Task.sleep(for: .seconds(3600)) } }
    return Scene(store: try (bed ?? self.bed).reopen(clock: clock, options: options), clock: clock)
  }

  /// Waits until it has come to its last step, or to where it is held up.
  private func settle(_ scene: Scene, at steps: Int?, in bed: SQLiteBed) async throws {
    try await within(.seconds(20), "older entries are linked") {
      guard let steps else { return !scene.store.use.isBusy }
      let connection = try Connection(path: bed.path, role: .reader, cacheKiB: 256)
      // One step for the indexes; of so few entries a pass is one step to begin with and one to store.
      let done = try MetaTable(connection: connection).integer(.linking) ?? 17
      return done >= Int64((steps + 1) / 2)
    }
  }

  /// What can be told is right, and what is missing is said.
  private func check(_ scene: Scene, _ plain: PlainHistory, isWhole: Bool) async throws {
    for model in [try scene.model(), try scene.model("airline")] {
      for number in 1...Self.objects {
        let plan = HistoryPlan(model, .numbered(number), limit: 1000)
        let (found, expected) = (try await scene.history(plan), plain.page(plan))
        if found.end == .linking, !isWhole {
          try require(
            found.entries, are: Array(expected.entries.prefix(found.entries.count)), "\(model.name) \(number)")
        } else {
          try require(found.entries, are: expected.entries, "\(model.name) \(number)")
          try require(found.end, is: expected.end, "the end of \(model.name) \(number)")
        }
      }
      let page = try await scene.store.read { try $0.deletions(DeletionPlan(model, limit: 1000)) }
      if isWhole { #expect(!page.isLinking) }
      if !page.isLinking {
        try require(page.entries, are: plain.deletions(of: model.number, before: nil), "what is gone")
      }
    }
  }

  @Test("are linked when the file is opened, and new ones are chained at once")
  func linked() async throws {
    let scene = try open(linking: 0)
    var plain = plain
    var random = SplitMix(seed: 1)
    for _ in 0..<10 { try await Self.write(scene, &random) }
    try await plain.follow(scene)
    try await check(scene, plain, isWhole: false)
    // The newest entries of what is there are told at once.
    let model = try scene.model()
    let last = try #require(plain.entries.last { $0.model == model.number && $0.operation == .update })
    let page = try await scene.history(HistoryPlan(model, last.id, limit: 1000))
    #expect(page.entries.contains { $0.sequence == last.sequence } && page.entries.count >= 2)
    await scene.store.close()

    let whole = try open()
    try await settle(whole, at: nil, in: bed)
    try await check(whole, plain, isWhole: true)
    for _ in 0..<10 { try await Self.write(whole, &random) }
    try await plain.follow(whole)
    try await check(whole, plain, isWhole: true)
    await whole.store.close()
    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
    #expect(try LinkingProgress(reading: connection) == .done)
    #expect(try MetaTable(connection: connection).integer(.linkingThrough) == nil)
  }

  @Test("are linked further after a stop or a crash at any step", arguments: [0, 1, 2, 3, 8, 17, 24, 31, 32, 33])
  func resumed(steps: Int) async throws {
    var plain = plain
    var random = SplitMix(seed: UInt64(steps))
    let held = try open(linking: steps)
    try await settle(held, at: steps, in: bed)
    try await Self.write(held, &random)
    try await plain.follow(held)
    try await check(held, plain, isWhole: false)
    // The disk as a killed process leaves it.
    let crashed = try SQLiteBed()
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: bed.path + suffix) {
      try FileManager.default.copyItem(atPath: bed.path + suffix, toPath: crashed.path + suffix)
    }
    if steps % 2 == 0 {
      let cut = plain.entries[plain.entries.count / 2].sequence
      try await held.trim(before: cut)
    }
    let trimmed = try await held.store.read { try $0.oplogBounds().trimmed }
    await held.store.close()

    let again = try open(linking: nil, crashed)
    try await settle(again, at: nil, in: crashed)
    try await check(again, plain, isWhole: true)
    await again.store.close()

    plain.trimmed = trimmed
    let resumed = try open()
    try await settle(resumed, at: nil, in: bed)
    try await check(resumed, plain, isWhole: true)
    await resumed.store.close()
    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
    let orphans = try Statement("SELECT count(*) FROM oplog_links WHERE sequence <= \(trimmed)", on: connection)
    #expect(try orphans.step() && orphans.integer(0) == 0, "links of what was trimmed")
  }

  @Test("of an empty oplog leave nothing to link")
  func empty() async throws {
    let bed = try SQLiteBed()
    let model = try SampleModel.read(SampleModel.flights)
    await (try await bed.create(model, clock: clock, waitingWrites: nil)).close()
    do {
      let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
      try connection.run(
        """
        DROP INDEX oplog_gone; DROP INDEX oplog_gone_ids; DROP TABLE oplog_links;
        ALTER TABLE oplog DROP COLUMN previous; PRAGMA user_version = 9
        """)
    }
    let scene = try open(linking: 0, bed)
    #expect(!scene.store.use.isBusy)
    try await scene.write([
      .create(try scene.model(), .numbered(1), try scene.model().row()), .delete(try scene.model(), .numbered(1)),
    ])
    #expect(try await scene.deletions(try scene.model()).count == 1)
    await scene.store.close()
  }

  @Test("are shown to a pass in order, which finds what comes before each")
  func pass() {
    func id(_ digit: UInt64, _ number: UInt64 = 0) -> ObjectID { ObjectID(high: number, low: digit) }
    var pass = LinkPass(3, through: 100)
    let entries: [(Int64, Int, ObjectID, Bool)] = [
      (1, 1, id(3), false), (2, 1, id(4), false), (3, 2, id(3), false), (4, 1, id(3), false), (5, 1, id(4), false),
      (6, 1, id(3, 9), false), (7, 1, id(3), true), (8, 1, id(3), false),
    ]
    for (sequence, model, id, isChained) in entries {
      pass.take(sequence: sequence, model: model, id: id, isChained: isChained)
    }
    #expect(pass.links == [.init(sequence: 4, previous: 1), .init(sequence: 8, previous: 7)])
  }

  @Test("are done when sixteen passes and the indexes before them are")
  func progress() {
    var progress = LinkingProgress(steps: 0)
    for step in 0..<17 {
      #expect(progress.steps == Int64(step) && LinkingProgress(steps: progress.steps) == progress)
      let known = (0..<16).count { progress.hasLinked(ObjectID(high: 7, low: UInt64(0xf0 + $0))) }
      #expect(known == max(0, step - 1))
      progress = progress.next
    }
    #expect(progress == .done && progress.steps == nil && progress.hasLinked(.numbered(1)))
  }
}

/// Counts down from a number to 0, and stays there.
private final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  func next() -> Int {
    left.withLock { left in
      defer { left = max(0, left - 1) }
      return left
    }
  }
}
