/// The pairs of a query string or form in the order in which they were written (api.md section 4).
///
/// `q[number.gt]=5&sort[number]=1&limit=` has the pairs `q` `number.gt` = `5`, `sort` `number` = `1`,
/// and `limit` = ``. Empty parts are left out, a part without `=` has an empty value, and `+` is a
/// space. Splitting comes first, decoding second, brackets third: `a%5Bb%5D=1` is `a[b]=1`, and
/// `a=b%26c` is one pair.
package struct QueryPairs: Equatable, Sendable {
  package static let maximumPairs = 10_000
  package static let maximumLevels = 32

  package private(set) var pairs: [Pair]

  package struct Pair: Equatable, Sendable {
    /// The name before the brackets, then what stands in each of them; never empty.
    package var path: [String]
    /// Whether the key ended in `[]`, which is not in `path`.
    package var appends: Bool
    package var value: String

    package init(path: [String], appends: Bool = false, value: String) {
      self.path = path
      self.appends = appends
      self.value = value
    }
  }

  package init(pairs: [Pair]) { self.pairs = pairs }

  /// Reads a raw query, without its `?`; nil has no pairs.
  package init(_ text: String?) throws(FormError) {
    try self.init(bytes: Array((text ?? "").utf8))
  }

  /// Reads a form.
  package init(utf8 bytes: UnsafeRawBufferPointer) throws(FormError) {
    try self.init(bytes: bytes)
  }

  package init(utf8 bytes: [UInt8]) throws(FormError) {
    try self.init(bytes: bytes)
  }

  private init<Bytes: RandomAccessCollection<UInt8>>(
    bytes: Bytes
  ) throws(FormError) where Bytes.Index == Int {
    pairs = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.endIndex
      if start < end {
        guard pairs.count < QueryPairs.maximumPairs else {
          throw .tooManyPairs(limit: QueryPairs.maximumPairs)
        }
        pairs.append(try QueryPairs.pair(bytes[start..<end]))
      }
      start = end + 1
    }
  }

  private static func pair<Part: RandomAccessCollection<UInt8>>(
    _ part: Part
  ) throws(FormError) -> Pair where Part.Index == Int {
    let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
    let key: String
    let value: String
    do throws(PercentText.Fault) {
      key = try PercentText.decode(part[..<equals], plusIsSpace: true)
      value = try PercentText.decode(part[equals...].dropFirst(), plusIsSpace: true)
    } catch {
      throw .badEncoding(error)
    }
    let (path, appends) = try BracketKey.read(key)
    return Pair(path: path, appends: appends, value: value)
  }

  /// The value of a plain name, the last one where there are several; nil where there is none.
  package subscript(name: String) -> String? {
    pairs.last { !$0.appends && $0.path.count == 1 && $0.path[0] == name }?.value
  }

  /// The pairs whose path begins with this name and goes on, without it: of `sort[a]=1` for `sort`
  /// the pair `a` = `1`.
  package func pairs(under name: String) -> [Pair] {
    pairs.filter { $0.path.count > 1 && $0.path[0] == name }
      .map { Pair(path: Array($0.path.dropFirst()), appends: $0.appends, value: $0.value) }
  }
}

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
