import CSQLite
import Storage
import Synchronization
import Wire

/// How many queries of clients have used each index since the store was opened (api.md section 12).
///
/// SQLite does not count that. A statement that is kept ready remembers which indexes its plan names, so that a query
/// costs one relaxed addition for each; what displays and the server itself look up is not counted.
final class IndexUses: Sendable {
  final class Count: Sendable {
    let queries = Atomic<Int>(0)
  }

  let since: Instant
  private let counts = Mutex<[String: Count]>([:])

  init(since: Instant) { self.since = since }

  /// `index` is the name in the file.
  func count(of index: String) -> Count {
    counts.withLock { counts in
      if let known = counts[index] { return known }
      let count = Count()
      counts[index] = count
      return count
    }
  }

  func usage(of index: String) -> StoredIndex.Usage {
    let count = counts.withLock { $0[index] }
    return StoredIndex.Usage(queries: count?.queries.load(ordering: .relaxed) ?? 0, since: since)
  }

  /// The indexes that a line of SQLite's `EXPLAIN QUERY PLAN` names: `SEARCH m1 USING COVERING INDEX m1_id (id=?)`.
  static func index(namedIn line: String) -> String? {
    for words in [" USING INDEX ", " USING COVERING INDEX "] {
      guard let found = line.firstRange(of: words) else { continue }
      return String(line[found.upperBound...].prefix { $0 != " " })
    }
    return nil
  }
}
