import Glibc
import Storage

extension SQLiteObjectStore {
  package var isFit: Bool { metrics.isFit }

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
    return figures
  }

  /// In bytes; 0 where there is no such file.
  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
