/// Keys that nest in brackets: `flight[position][latitude]`, `flight[tags][]`.
enum BracketKey {
  /// The name and what stands in each bracket, without a `[]` at the end, and whether there was one.
  ///
  /// An empty key is a name like any other. `[0]` is a key named `0`; see `NumberedKeys`.
  static func read(_ key: String) throws(FormError) -> (path: [String], appends: Bool) {
    let bytes = key.utf8
    guard let open = bytes.firstIndex(of: UInt8(ascii: "[")) else {
      if bytes.contains(UInt8(ascii: "]")) { throw .malformedKey(CutText.cut(key)) }
      return ([key], false)
    }
    let name = key[..<open]
    if open == bytes.startIndex || name.utf8.contains(UInt8(ascii: "]")) {
      throw .malformedKey(CutText.cut(key))
    }
    var path = [String(name)]
    var appends = false
    // Bytes, not characters: a combining mark behind a bracket would hide it.
    var rest = bytes[open...]
    while !rest.isEmpty {
      let inside = rest.dropFirst()
      guard rest.first == UInt8(ascii: "["), let close = inside.firstIndex(of: UInt8(ascii: "]")),
        !inside[..<close].contains(UInt8(ascii: "["))
      else { throw .malformedKey(CutText.cut(key)) }
      if appends { throw .appendNotLast(CutText.cut(key)) }
      if path.count == QueryPairs.maximumLevels {
        throw .tooDeep(CutText.cut(key), limit: QueryPairs.maximumLevels)
      }
      if close == inside.startIndex {
        appends = true
      } else {
        path.append(String(key[inside.startIndex..<close]))
      }
      rest = bytes[bytes.index(after: close)...]
    }
    return (path, appends)
  }
}
