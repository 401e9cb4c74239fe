import Storage
import Synchronization
import Threads

/// Makes a file's indexes those that the data model in force wants, after a deploy and after a start: one
/// after the other, each in a transaction of its own between two groups of writes, and those over few objects some
/// at a time. Readers go on; writers wait for one step. Few deployments do so at a time.
final class IndexBuilder: Sendable {
  private let writer: Writer
  private let turns: Turns
  private let dataModel: @Sendable () -> StoredDataModel
  private let report: @Sendable (String) -> Void
  private let task = OwnTask()
  private let isStopped = Atomic(false)

  init(
    writer: Writer, turns: Turns, report: @Sendable @escaping (String) -> Void,
    dataModel: @Sendable @escaping () -> StoredDataModel
  ) {
    self.writer = writer
    self.turns = turns
    self.report = report
    self.dataModel = dataModel
  }

  /// Whether there is something to build, as far as is known.
  var isRunning: Bool { task.isRunning }

  /// Begins, anew if it runs: what is wanted may be another thing now.
  func start() { task.start { [self] in await run() } }

  /// An index that is being built is finished, and none begun: the next start goes on with it.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    task.cancel()
  }

  private func run() async {
    let work = OwnWork(report: report) {
      "An index cannot be built; it is tried again every \($1), and until then queries go without it: \($0)"
    }
    await work.run { try await turns.take { try await step() } }
  }

  /// Does one thing, or some small ones; true when nothing was left to do.
  private func step() async throws -> Bool {
    try await writer.aside { [self] connection in
      if isStopped.load(ordering: .acquiring) { return true }
      let catalog = Catalog(connection: connection)
      let work = try catalog.indexWork(for: dataModel().models)
      if try catalog.arrangeFewIndexes(work) > 0 { return false }
      if let index = work.superfluous.first {
        try catalog.drop(index: index.name)
      } else if let index = work.missing.first {
        try catalog.build(index.plan, of: index.model)
      }
      return work.isDone
    }
  }
}
