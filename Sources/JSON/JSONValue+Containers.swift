import CSimdjson

extension JSONValue {
  /// How many elements an array or members an object has; 0 for other values.
  package var count: Int { isArray || isObject ? Int(node.first) : 0 }

  /// The elements of an array in order; none for other values.
  package var elements: JSONElements { JSONElements(of: self) }

  /// The members of an object in order; none for other values.
  package var members: JSONMembers { JSONMembers(of: self) }

  /// The member's value; nil where the object has no such key, and for other values. It looks through
  /// the members: for more than a few keys walk `members` once instead.
  package subscript(key: String) -> JSONValue? {
    var key = key
    return key.withUTF8 { wanted in
      for member in members {
        let found = member.keyValue.withStringUTF8 { (found) -> Bool in
          found.count == wanted.count && found.elementsEqual(wanted)
        }
        if found == true { return member.value }
      }
      return nil
    }
  }
}

/// The elements of an array.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private var index: Int
  fileprivate var left: Int

  init(of value: JSONValue) {
    self.init(behind: value, count: value.isArray ? value.count : 0)
  }

  fileprivate init(behind value: JSONValue, count: Int) {
    document = value.document
    index = value.index + 1
    left = count
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

/// A member of an object.
package struct JSONMember: Sendable {
  /// The key as a value, for reading it without a copy and for its offset.
  package let keyValue: JSONValue

  package var key: String { keyValue.string ?? "" }
  package var value: JSONValue { JSONValue(document: keyValue.document, index: keyValue.index + 1) }
}

/// The members of an object. They lie as the elements of an array do: each key, and its value behind it.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private var keysAndValues: JSONElements

  init(of value: JSONValue) {
    keysAndValues = JSONElements(behind: value, count: value.isObject ? 2 * value.count : 0)
  }

  package var underestimatedCount: Int { keysAndValues.left / 2 }

  package mutating func next() -> JSONMember? {
    guard let key = keysAndValues.next() else { return nil }
    _ = keysAndValues.next()
    return JSONMember(keyValue: key)
  }
}
