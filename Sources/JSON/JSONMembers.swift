/// A member of an object.
package struct JSONMember: Sendable {
  /// The key as a value, for reading it without a copy and for its offset.
  package let keyValue: JSONValue

  package var key: String { keyValue.string ?? "" }
  package var value: JSONValue { JSONValue(document: keyValue.document, index: keyValue.index + 1) }
}

/// The members of an object.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private var index: Int
  private var left: Int

  init(of value: JSONValue) {
    self.document = value.document
    self.index = value.index + 1
    self.left = value.isObject ? value.count : 0
  }

  package var underestimatedCount: Int { left }

  package mutating func next() -> JSONMember? {
    guard left > 0 else { return nil }
    let member = JSONMember(keyValue: JSONValue(document: document, index: index))
    index = member.value.next
    left -= 1
    return member
  }
}
