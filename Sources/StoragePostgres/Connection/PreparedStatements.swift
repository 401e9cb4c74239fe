/// The statements that one session keeps prepared, by their text.
///
/// A name is given once and never again: a statement that the server refused, or never came to, leaves no name that
/// could mean something else later.
struct PreparedStatements {
  private struct Kept {
    let name: String
    var lastUse: Int
  }

  private var kept: [String: Kept] = [:]
  /// How many were given a name so far.
  private(set) var namedCount = 0
  private var uses = 0

  /// How many a session keeps between two borrowers.
  static let mostKept = 500
  /// How many a session prepares before it is renewed. It stands for 1,000 tables, of which each costs a session 20 kB
  /// for good: a table that is touched is named by two statements and more.
  static let mostNamed = 2000

  var count: Int { kept.count }
  var isWorn: Bool { namedCount >= Self.mostNamed }

  /// The name of a statement, and whether it is to be prepared first.
  mutating func name(of sql: String) -> (name: String, isNew: Bool) {
    uses += 1
    if let index = kept.index(forKey: sql) {
      kept.values[index].lastUse = uses
      return (kept.values[index].name, false)
    }
    namedCount += 1
    let name = "s\(namedCount)"
    kept[sql] = Kept(name: name, lastUse: uses)
    return (name, true)
  }

  /// The server has not prepared it.
  mutating func forget(_ sql: String) { kept[sql] = nil }

  /// Takes out those that were not used for longest, where there are too many; the names for the server to forget.
  mutating func takeSurplus() -> [String] {
    guard kept.count > Self.mostKept else { return [] }
    // A fifth at a time, so that it is seldom done.
    let surplus = kept.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(kept.count - Self.mostKept * 4 / 5)
    for (sql, _) in surplus { kept[sql] = nil }
    return surplus.map(\.value.name)
  }
}
