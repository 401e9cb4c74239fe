/// The keys by which the encoders of PHP and JavaScript write lists: `tags[0]=late&tags[1]=rebooked`.
package enum NumberedKeys {
  /// The values by their numbers, where the keys are exactly 0 to n − 1, in any order; nil for other keys and
  /// for none. Whether a list is meant depends on what takes it: `[0]` is also a key like any other.
  package static func values<Value>(_ entries: [(key: String, value: Value)]) -> [Value]? {
    guard !entries.isEmpty else { return nil }
    var indexes = [Int?](repeating: nil, count: entries.count)
    for (index, entry) in entries.enumerated() {
      // Only one spelling of a number counts: "01" and "+1" are names.
      guard let number = Int(entry.key), indexes.indices.contains(number), String(number) == entry.key,
        indexes[number] == nil
      else { return nil }
      indexes[number] = index
    }
    return indexes.compactMap { $0.map { entries[$0].value } }
  }
}
