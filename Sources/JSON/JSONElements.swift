/// The elements of an array.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private var index: Int
  private var left: Int

  init(of value: JSONValue) {
    self.document = value.document
    self.index = value.index + 1
    self.left = value.isArray ? value.count : 0
  }

  package var underestimatedCount: Int { left }

  package mutating func next() -> JSONValue? {
    guard left > 0 else { return nil }
    let value = JSONValue(document: document, index: index)
    index = value.next
    left -= 1
    return value
  }
}
