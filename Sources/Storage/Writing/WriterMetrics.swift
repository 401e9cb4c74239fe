import Metrics
import Synchronization

/// What a deployment's writer counts. It notes on its own thread; anybody reads.
package final class WriterMetrics: Sendable {
  private let commitDuration = Histogram(.time)
  private let groupWrites = Histogram(.number)
  private let writeWait = Histogram(.time)
  private let failures = Atomic<Int>(0)
  private let checkpoints = Atomic<Int>(0)
  private let checkpointMicroseconds = Atomic<Int>(0)
  private let fit = Atomic<Bool>(true)

  package init() {}

  /// False from a write that the disk did not take to the next one that it did.
  package var isFit: Bool { fit.load(ordering: .relaxed) }

  /// The duration of all commits together.
  package var microsecondsWriting: UInt64 { commitDuration.sum }

  package func noteWait(since submitted: ContinuousClock.Instant, until began: ContinuousClock.Instant) {
    writeWait.record(UInt64(clamping: (began - submitted).microseconds))
  }

  /// What webhooks and sweeps keep is not what clients write, and must not hold webhooks back.
  package func noteCommit(of plans: [WritePlan], since began: ContinuousClock.Instant) {
    let writes = plans.count { plan in plan.steps.contains { !$0.isKept } }
    if writes == 0 { return noteProbe(succeeded: true) }
    commitDuration.record(UInt64(clamping: (ContinuousClock.now - began).microseconds))
    groupWrites.record(UInt64(clamping: writes))
    fit.store(true, ordering: .relaxed)
  }

  package func noteProbe(succeeded: Bool) { fit.store(succeeded, ordering: .relaxed) }

  /// A group failed; `isUnfit` where that was the disk's doing.
  package func noteFailure(isUnfit: Bool) {
    failures.add(1, ordering: .relaxed)
    if isUnfit { fit.store(false, ordering: .relaxed) }
  }

  package func noteCheckpoint(microseconds: Int64) {
    checkpoints.add(1, ordering: .relaxed)
    checkpointMicroseconds.wrappingAdd(Int(clamping: max(microseconds, 0)), ordering: .relaxed)
  }

  package func measure(_ figures: inout StoreFigures) {
    figures.commitDuration = commitDuration.figures
    figures.groupWrites = groupWrites.figures
    figures.writeWait = writeWait.figures
    figures.writeFailures = failures.load(ordering: .relaxed)
    figures.isFit = isFit
  }

  /// Of an engine with a log that is moved.
  package var ofCheckpoints: [EngineFigure] {
    [
      EngineFigure(.checkpoints, checkpoints.load(ordering: .relaxed)),
      EngineFigure(.checkpointSeconds, Double(checkpointMicroseconds.load(ordering: .relaxed)) / 1_000_000),
    ]
  }
}

extension Duration {
  /// Whole ones, cut.
  package var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
