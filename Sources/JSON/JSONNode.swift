import Wire

/// A JSON text to be written, as a tree that literals make: `["type": "string", "minimum": 0]`.
///
/// For documents that describe something. Objects of the API, of which there are many, are written
/// directly. Members keep their order; whoever makes a node sees to it that no key comes twice.
package indirect enum JSONNode: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case array([JSONNode])
  case object([(key: String, value: JSONNode)])
  /// A JSON text of somebody else, which was read without a fault: it goes out byte by byte.
  case written(String)

  package func append(to writer: inout ByteWriter) {
    switch self {
    case .null: writer.append("null")
    case .bool(let flag): writer.append(flag ? "true" : "false")
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .text(let text): writer.append(quoted: text)
    case .array(let elements):
      writer.append("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { writer.append(",") }
        element.append(to: &writer)
      }
      writer.append("]")
    case .object(let members):
      writer.append("{")
      for (index, member) in members.enumerated() {
        if index > 0 { writer.append(",") }
        writer.append(quoted: member.key)
        writer.append(":")
        member.value.append(to: &writer)
      }
      writer.append("}")
    case .written(let text): writer.append(text: text)
    }
  }

  package var isEmptyObject: Bool {
    if case .object(let members) = self { members.isEmpty } else { false }
  }

  /// The text, without blanks.
  package var string: String {
    var writer = ByteWriter()
    append(to: &writer)
    return writer.string
  }

  /// The same object with further members at its end; anything else stays as it is.
  package func adding(_ members: [(key: String, value: JSONNode)]) -> JSONNode {
    guard case .object(let own) = self else { return self }
    return .object(own + members)
  }

  /// The same with one more member, where there is a value for it.
  package func adding(_ key: String, _ value: JSONNode?) -> JSONNode {
    value.map { adding([(key, $0)]) } ?? self
  }
}

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self = .text(text) }
}

extension JSONNode: ExpressibleByIntegerLiteral {
  package init(integerLiteral integer: Int64) { self = .integer(integer) }
}

extension JSONNode: ExpressibleByFloatLiteral {
  package init(floatLiteral number: Double) { self = .number(number) }
}

extension JSONNode: ExpressibleByBooleanLiteral {
  package init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension JSONNode: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self = .null }
}

extension JSONNode: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
}

extension JSONNode: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONNode)...) {
    self = .object(members.map { (key: $0.0, value: $0.1) })
  }
}
