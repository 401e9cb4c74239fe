import Metrics

/// What a store has done since it was opened, and what it does now: for those who watch over it.
package struct StoreFigures: Sendable {
  /// From the beginning of a group's transaction until it was on disk: one for each commit.
  package var commitDuration = HistogramFigures(.time)
  /// Writes that a commit took together.
  package var groupWrites = HistogramFigures(.number)
  /// How long each write waited before its group began.
  package var writeWait = HistogramFigures(.time)
  /// Writes that wait now.
  package var waitingWrites = 0
  /// Groups that failed.
  package var writeFailures = 0
  /// Bytes on disk: of the data, and of the log that is yet to be moved there.
  package var databaseBytes = 0
  package var logBytes = 0
  /// Times that the log was moved, and the microseconds that it took.
  package var checkpoints = 0
  package var checkpointMicroseconds = 0
  package var readersInUse = 0
  package var readersIdle = 0
  /// Tasks that wait for the oplog to go on.
  package var waitingReaders = 0
  /// Of the oplog; 0 while there was none.
  package var lastSequence: Int64 = 0
  /// Searches that used an index, and those that scanned for want of one.
  package var searchesIndexed = 0
  package var searchesScanned = 0
  /// Attachments that objects link.
  package var attachments = AttachmentTotals()
  /// Whether the last write, or the last try of one, succeeded.
  package var isFit = true

  package init() {}
}
