/// How values of one Swift type stand in JSON: written and read by the same description, so that what is written
/// can be read.
///
/// ```swift
/// let expiry: JSONForm<Int?> = .optional(.integer(1...Int.max))
/// ```
package struct JSONForm<Value: Sendable>: Sendable {
  package let write: @Sendable (Value) -> JSONNode
  package let read: @Sendable (JSONValue) throws(JSONMismatch) -> Value

  package init(
    write: @escaping @Sendable (Value) -> JSONNode,
    read: @escaping @Sendable (JSONValue) throws(JSONMismatch) -> Value
  ) {
    self.write = write
    self.read = read
  }

  /// A value that is one text, number or word. `expected` completes "… is expected", where `scan` finds none.
  package init(
    expected: String, write: @escaping @Sendable (Value) -> JSONNode, scan: @escaping @Sendable (JSONValue) -> Value?
  ) {
    self.init(write: write) { value throws(JSONMismatch) in
      guard let found = scan(value) else { throw JSONMismatch("\(expected) is expected") }
      return found
    }
  }

  /// `null` is nil.
  package static func optional<Wrapped>(_ form: JSONForm<Wrapped>) -> JSONForm where Value == Wrapped? {
    JSONForm(
      write: { $0.map(form.write) ?? .null },
      read: { value throws(JSONMismatch) in value.isNull ? nil : try form.read(value) })
  }

  /// An array of at most `most` elements.
  package static func list<Element>(_ form: JSONForm<Element>, most: Int = 1_000_000) -> JSONForm
  where Value == [Element] {
    JSONForm(
      write: { .array($0.map(form.write)) },
      read: { value throws(JSONMismatch) in
        guard value.isArray, value.count <= most else {
          throw JSONMismatch("an array of at most \(most) elements is expected")
        }
        var elements: [Element] = []
        elements.reserveCapacity(value.count)
        for (index, element) in value.elements.enumerated() {
          do throws(JSONMismatch) {
            elements.append(try form.read(element))
          } catch {
            throw error.within("\(index)")
          }
        }
        return elements
      })
  }

  /// An object whose only member has this key.
  package static func only(_ key: String, _ form: JSONForm) -> JSONForm {
    JSONForm(
      write: { .object([(key, form.write($0))]) },
      read: { value throws(JSONMismatch) in
        var reader = try JSONMemberReader(value)
        let found = try reader.read(key, form)
        try reader.end()
        return found
      })
  }
}
