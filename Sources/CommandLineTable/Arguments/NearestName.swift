/// What a person probably meant: the known name nearest to a mistyped one.
package enum NearestName {
  /// The nearest of `names`, or nil when none is near: at most one slip (a wrong, missing, additional
  /// or swapped letter) for every three letters, letter case aside, or else the first name that begins with it.
  package static func of(_ word: String, among names: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().utf8.prefix(64))
    guard !letters.isEmpty else { return nil }
    let limit = max(1, letters.count / 3)
    var best: (name: String, distance: Int)?
    var longer: String?
    for name in names {
      let candidate = Array(name.lowercased().utf8.prefix(64))
      if longer == nil, letters.count >= 2, candidate.starts(with: letters) { longer = name }
      guard abs(candidate.count - letters.count) <= limit else { continue }
      let distance = distance(letters, candidate)
      if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name ?? longer
  }

  /// ` (did you mean 'carrier'?)`, or nothing.
  package static func question(_ word: String, among names: some Sequence<String>) -> String {
    of(word, among: names).map { " (did you mean '\($0)'?)" } ?? ""
  }

  /// Optimal string alignment distance. Both words are at most 64 bytes.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: right.count + 1)
    var above = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        let change = left[row] == right[column] ? 0 : 1
        var cost = min(above[column] + change, above[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, older[column - 1] + 1)
        }
        current.append(cost)
      }
      older = above
      above = current
    }
    return above[right.count]
  }
}
