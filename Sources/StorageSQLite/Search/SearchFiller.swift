import Glibc
import Storage
import Synchronization
import Threads
import Wire

/// Keeps a deployment's search index: fills it by walking the tables, then follows the oplog.
///
/// It works in batches with pauses, on threads of the lowest priority that it borrows, and only while there are
/// searches: a deployment that nobody searches has no index, and its writes pay nothing.
///
/// `@unchecked Sendable` is safe: all that changes is touched by its loop alone, which is set once at the beginning.
final class SearchFiller: @unchecked Sendable {
  private let index: SearchIndex
  private let shared: SharedState
  private let secondsPerRead: Int
  private var loop: ThreadLoop?

  private var file: SearchFile?
  private var generation = 0
  /// The count of commits when there was nothing left to do.
  private var seen: Int?
  private var failures = 0
  /// Whether the turn before did a batch, and did not find how many are left.
  private let filling = Atomic(false)
  private let isToRelease = Atomic(false)
  /// Looks for new changes since the last search.
  private var looks = Int.max
  /// The version of the data model that the file's models were last brought in line with.
  private var reconciled: Int?

  private var options: SearchOptions { index.options }

  init(_ index: SearchIndex, on threads: LoopThreads, _ shared: SharedState, secondsPerRead: Int) {
    self.index = index
    self.shared = shared
    self.secondsPerRead = secondsPerRead
    let loop = ThreadLoop(on: threads) { [weak self] in
      self?.turn() ?? .whenCalled
    } finish: { [weak self] in
      self?.end()
    }
    self.loop = loop
    index.wake(loop)
  }

  /// Whether it has the index's file open, and whether that has yet to take in what is there.
  var isOpen: Bool { index.generation != nil }
  var isFilling: Bool { filling.load(ordering: .relaxed) }

  /// Closes the index's file until the next search, where it is up to date.
  func release() {
    isToRelease.store(true, ordering: .relaxed)
    loop?.call()
  }

  /// Ends after the batch that it is at.
  func close() async { await loop?.close() }

  // MARK: On a borrowed thread.

  /// One batch, if there is one to do.
  private func turn() -> ThreadLoop.Next {
    if loop?.isClosing == true { return .whenCalled }
    let isCalled = index.takeCall()
    if isToRelease.exchange(false, ordering: .relaxed), !isCalled, !isFilling {
      looks = .max
      end()
      return .whenCalled
    }
    if isCalled {
      looks = 0
    } else if looks == .max {
      return .whenCalled
    } else if !isFilling {
      looks += 1
    }
    do {
      let pause = try work()
      failures = 0
      filling.store(pause != nil, ordering: .relaxed)
      return pause ?? rest()
    } catch StorageError.closed {
      return .whenCalled
    } catch {
      // The disk is full, or the file is damaged: it is made anew, at a growing distance.
      failures += 1
      discard()
      return .later(milliseconds: min(30_000, 100 << min(failures, 10)))
    }
  }

  /// Nothing is left to do. New changes are looked for until there was no search for a while.
  private func rest() -> ThreadLoop.Next {
    let mostLooks = max(1, options.idleMilliseconds / max(1, options.pollMilliseconds))
    if looks < mostLooks { return .later(milliseconds: options.pollMilliseconds) }
    looks = .max
    return .whenCalled
  }

  private func end() {
    index.withdraw()
    file = nil
  }

  private func discard() {
    index.withdraw()
    index.followedTo = -1
    file = nil
    seen = nil
    reconciled = nil
    try? SearchFile.remove(index.path)
  }

  /// One batch, and the pause after it; nil when there is nothing left to do.
  private func work() throws -> ThreadLoop.Next? {
    if index.takeSuspicion() { discard() }
    if let file, !file.isInPlace { discard() }
    let before = shared.commits.now
    if file != nil, before == seen { return nil }
    options.beforeBatch()
    let start = ContinuousClock.now
    guard let file = try ready() else {
      seen = before
      return nil
    }
    // One data model for all of the batch: what is said of the columns holds for what is entered.
    let data = shared.deployed.model
    if data.version != reconciled {
      try reconcile(file, with: data)
      reconciled = data.version
    }
    try renew(file, data)
    if let batch = try follow(file, data) {
      try file.enter(batch)
    } else if let batch = try walk(file, data) {
      try file.enter(batch)
    } else {
      index.followedTo = file.last
      seen = before
      return nil
    }
    return pause(after: ContinuousClock.now - start, isBusy: shared.commits.now != before)
  }

  /// Takes no more than a part of the time while others write.
  private func pause(after work: Duration, isBusy: Bool) -> ThreadLoop.Next {
    let factor = isBusy ? max(1, options.share - 1) : 0
    let microseconds = min(500_000, work.microseconds * Int64(factor) + 500)
    if microseconds >= 2000 { return .later(milliseconds: Int(microseconds / 1000)) }
    usleep(UInt32(microseconds))
    return .again
  }

  /// The file, opened and checked, or made anew; nil while there is no oplog entry to begin at.
  private func ready() throws -> SearchFile? {
    if let file { return file }
    let (last, horizon) = try snapshot { snapshot in
      let next = try snapshot.nextSequence()
      return (try snapshot.lastSequence(), next)
    }
    guard let last else { return nil }
    if let old = try? SearchFile(opening: index.path),
      old.horizon <= horizon, try snapshot({ try $0.holdsEntry(old.last) })
    {
      file = old
    } else {
      file = try SearchFile(creating: index.path, last: last, horizon: horizon)
    }
    generation += 1
    index.publish(generation)
    return file
  }

  /// Makes the file's models those of the data model, and each one's columns what is searched now.
  private func reconcile(_ file: SearchFile, with data: StoredDataModel) throws {
    let numbers = Set(data.models.map(\.number))
    for number in file.models.keys where !numbers.contains(number) { try file.end(model: number) }
    for model in data.models {
      let searched = SearchColumns(model)
      guard let filled = file.models[model.number] else {
        try file.begin(model: model.number, words: searched.words)
        continue
      }
      if filled.words == searched.words { continue }
      let missing = searched.missing(in: filled.words, of: model)
      let (isEmpty, horizon) = try snapshot { snapshot in
        (try missing.allSatisfy { try snapshot.isEmpty($0, of: model) }, try snapshot.nextSequence())
      }
      // Columns without a value add nothing to any text; else all are read again.
      if isEmpty {
        try file.set(searched.words, ofModel: model.number, horizon: horizon)
      } else {
        try file.begin(model: model.number, words: searched.words)
      }
    }
  }

  /// Makes tables anew that hold more of what was than of what is.
  private func renew(_ file: SearchFile, _ data: StoredDataModel) throws {
    for model in data.models {
      guard let filled = file.models[model.number], filled.isComplete, filled.again > 50_000 else { continue }
      let count = try snapshot { try $0.count(model, .always) }
      if filled.again > 50_000 + 2 * Int64(count) { try file.begin(model: model.number, words: filled.words) }
    }
  }

  /// Objects that the next oplog entries name; nil when there are none.
  private func follow(_ file: SearchFile, _ data: StoredDataModel) throws -> SearchBatch? {
    let last = file.last
    return try snapshot { [options] snapshot in
      // What was trimmed cannot be followed.
      guard try snapshot.holdsEntry(last) else {
        throw StorageError.broken("the search index names an oplog entry that is not there")
      }
      let entries = try snapshot.changes(after: last, limit: options.objectsInBatch)
      guard !entries.isEmpty else { return nil }
      var batch = SearchBatch(horizon: try snapshot.nextSequence())
      var done: [Int: Set<ObjectID>] = [:]
      var known: [Int: (StoredModel, SearchColumns)] = [:]
      for entry in entries {
        batch.last = entry.sequence
        if known[entry.model] == nil, let model = data.models.first(where: { $0.number == entry.model }) {
          known[entry.model] = (model, SearchColumns(model))
        }
        guard let (model, searched) = known[entry.model], done[entry.model, default: []].insert(entry.id).inserted
        else { continue }
        let slots = searched.columns.indices.map { RowPage.Lead.count + $0 }
        // None or one.
        for page in try snapshot.objects(model, ids: [entry.id], columns: searched.columns.map(\.position))
        where !page.isEmpty {
          let row = 0
          let text = searched.text(of: page, row, slots: slots, most: options.bytesInDocument)
          batch.add(.init(row: page.integer(row, RowPage.Lead.row), text: text), ofModel: model.number)
        }
        if entry.operation != .create { batch.again[model.number, default: 0] += 1 }
        if batch.bytes >= options.bytesInBatch { break }
      }
      return batch
    }
  }

  /// The next objects of a table that was not walked to its end; nil when all were.
  private func walk(_ file: SearchFile, _ data: StoredDataModel) throws -> SearchBatch? {
    guard let model = data.models.first(where: { file.models[$0.number]?.isComplete == false }),
      let filled = file.models[model.number]
    else { return nil }
    let searched = SearchColumns(model)
    let slots = searched.columns.map { RowPage.Lead.count + $0.position }
    return try snapshot { [options] snapshot in
      var batch = SearchBatch(horizon: try snapshot.nextSequence())
      var walked = filled.walked
      var count = 0
      let plan = ReadPlan(
        model: model, predicate: .ordered(.natural, .greater, .integer(walked)), limit: options.objectsInBatch)
      do {
        try snapshot.list(plan) { page in
          for row in 0..<page.count {
            let text = searched.text(of: page, row, slots: slots, most: options.bytesInDocument)
            walked = page.integer(row, RowPage.Lead.row)
            batch.add(.init(row: walked, text: text), ofModel: model.number)
            count += 1
          }
          if batch.bytes >= options.bytesInBatch { throw Enough() }
        }
        batch.walked[model.number] = (walked, isEnd: count < options.objectsInBatch)
      } catch is Enough {
        batch.walked[model.number] = (walked, isEnd: false)
      }
      return batch
    }
  }

  private struct Enough: Error {}

  private func snapshot<Result>(_ body: (SQLiteSnapshot) throws -> Result) throws -> Result {
    try shared.readers.lend { reader in
      try reader.snapshot(withinSeconds: secondsPerRead) { _ in try body(SQLiteSnapshot(reader: reader)) }
    }
  }
}
