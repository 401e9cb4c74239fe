import Glibc
import Metrics
import Storage
import Synchronization

extension SQLiteObjectStore {
  package var isFit: Bool { metrics.isFit }

  package var microsecondsWriting: UInt64 { metrics.microsecondsWriting }

  package var figures: StoreFigures {
    var figures = StoreFigures()
    metrics.measure(&figures)
    figures.waitingWrites = waitingWrites
    figures.waitingReaders = waiters.count
    figures.lastSequence = waiters.last
    figures.attachments = attachmentTotals
    figures.ofEngine += fileFigures
    return figures
  }

  private var fileFigures: [EngineFigure] {
    let (inUse, idle) = readers.counts
    let (indexed, scanned) = search.counts
    return [
      EngineFigure(.databaseBytes, Self.size(of: path)), EngineFigure(.logBytes, Self.size(of: path + "-wal")),
      EngineFigure(.readersInUse, inUse), EngineFigure(.readersIdle, idle),
      EngineFigure(.searches, indexed, word: "indexed"), EngineFigure(.searches, scanned, word: "scanned"),
    ]
  }

  /// One row, by a reader that is idle; what was found last where none is.
  private var attachmentTotals: AttachmentTotals {
    let found = try? readers.lendIdle(isCall: false) { reader in
      try reader.snapshot(withinSeconds: 1) { _ in try AttachmentRows(connection: reader.connection).totals() }
    }
    guard let found else { return lastAttachmentTotals.withLock { $0 } }
    lastAttachmentTotals.withLock { $0 = found }
    return found
  }

  /// In bytes; 0 where there is no such file.
  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
