import Synchronization
import Glibc
import Storage

extension SQLiteObjectStore {
  package var isFit: Bool { metrics.isFit }

  package var microsecondsWriting: UInt64 { metrics.microsecondsWriting }

  package var figures: StoreFigures {
    var figures = StoreFigures()
    metrics.measure(&figures)
    figures.waitingWrites = waitingWrites
    figures.databaseBytes = Self.size(of: path)
    figures.logBytes = Self.size(of: path + "-wal")
    (figures.readersInUse, figures.readersIdle) = readers.counts
    figures.waitingReaders = waiters.count
    figures.lastSequence = waiters.last
    (figures.searchesIndexed, figures.searchesScanned) = search.counts
    figures.attachments = attachmentTotals
    return figures
  }

  /// One row, by a reader that is idle; what was found last where none is.
  private var attachmentTotals: AttachmentTotals {
    let found = try? readers.lendIdle { reader in
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
