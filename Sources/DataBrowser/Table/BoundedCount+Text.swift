import Storage
import Web
import Wire

/// How many objects a view has, as far as there was time to count.
extension BoundedCount {
  var text: String {
    switch self {
    case .exact(let count): Grouped.text(count, "object")
    case .over(let count): "more than \(Grouped.text(count)) objects"
    case .stopped(let count): "at least \(Grouped.text(count)) objects, counting stopped"
    }
  }

  var isExact: Bool { if case .exact = self { true } else { false } }
  var isStopped: Bool { if case .stopped = self { true } else { false } }
}

extension PageRead {
  /// How long a page counts, and how far; and how long for who asks for it.
  static let usualTime = Duration.milliseconds(300)
  static let usualMost = 10_000
  private static let longTime = Duration.seconds(4)

  /// Counts what matches. Without a filter that is one look-up, and exact.
  func count(_ model: StoredModel, _ predicate: Predicate, long isLong: Bool) throws -> BoundedCount {
    try snapshot.count(
      model, predicate, upTo: isLong ? .max : Self.usualMost, within: isLong ? Self.longTime : Self.usualTime)
  }
}
