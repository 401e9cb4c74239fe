/// Keys and what they hold, in the order in which the keys first appeared.
package struct FormContainer: Equatable, Sendable {
  package let entries: [Entry]
  private let indexes: [String: Int]

  package struct Entry: Equatable, Sendable {
    package var key: String
    package var value: FormTree

    package init(key: String, value: FormTree) {
      self.key = key
      self.value = value
    }
  }

  /// Of a key that is there twice, the first one is found.
  package init(_ entries: [Entry]) {
    self.entries = entries
    self.indexes = Dictionary(zip(entries.map(\.key), 0...)) { first, _ in first }
  }

  package subscript(key: String) -> FormTree? { indexes[key].map { entries[$0].value } }

  /// Reads a form.
  package init(utf8 bytes: UnsafeRawBufferPointer) throws(FormError) {
    try self.init(QueryPairs(utf8: bytes))
  }

  package init(utf8 bytes: [UInt8]) throws(FormError) {
    try self.init(QueryPairs(utf8: bytes))
  }

  /// Nests pairs, each in constant time for each of its levels.
  package init(_ pairs: QueryPairs) throws(FormError) {
    let root = FormNode()
    for pair in pairs.pairs {
      var node = root
      for key in pair.path {
        guard let child = node.child(key) else { throw FormContainer.clash(pair) }
        node = child
      }
      guard node.take(pair.value, appends: pair.appends) else { throw FormContainer.clash(pair) }
    }
    self = root.container
  }

  private static func clash(_ pair: QueryPairs.Pair) -> FormError {
    let key = pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
    return .clash(CutText.cut(key))
  }
}
