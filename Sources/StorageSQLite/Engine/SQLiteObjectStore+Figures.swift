import Glibc
import Metrics
import Storage
import Synchronization

extension SQLiteObjectStore {
  package var isFit: Bool { file.shared.metrics.isFit }

  package var microsecondsWriting: UInt64 { file.shared.metrics.microsecondsWriting }

  package var figures: StoreFigures {
    var figures = StoreFigures()
    file.shared.metrics.measure(&figures)
    figures.waitingWrites = file.writer.waitingCount
    figures.waitingReaders = waiters.count
    figures.lastSequence = waiters.last
    figures.attachments = attachmentTotals
    figures.ofEngine += file.shared.metrics.ofCheckpoints + fileFigures
    return figures
  }

  private var fileFigures: [EngineFigure] {
    let (inUse, idle) = file.shared.readers.counts
    let (indexed, scanned) = file.search.counts
    return [
      EngineFigure(.databaseBytes, Self.size(of: file.path)),
      EngineFigure(.logBytes, Self.size(of: file.path + "-wal")),
      EngineFigure(.readersInUse, inUse), EngineFigure(.readersIdle, idle),
      EngineFigure(.searches, indexed, word: "indexed"), EngineFigure(.searches, scanned, word: "scanned"),
    ]
  }

  /// One row, by a reader that is idle; what was found last where none is.
  private var attachmentTotals: AttachmentTotals {
    let found = try? file.shared.readers.lendIdle(isCall: false) { reader in
      try reader.snapshot(withinSeconds: 1) { _ in try AttachmentRows(connection: reader.connection).totals() }
    }
    guard let found else { return file.lastAttachmentTotals.withLock { $0 } }
    file.lastAttachmentTotals.withLock { $0 = found }
    return found
  }

  /// In bytes; 0 where there is no such file.
  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
