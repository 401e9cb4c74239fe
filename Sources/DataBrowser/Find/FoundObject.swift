import Objects
import Storage
import Wire

/// An object that fits, with how it does.
package struct FoundObject: Sendable {
  package var link: ObjectLink
  package var match: FindMatch

  package init(_ link: ObjectLink, _ match: FindMatch) {
    self.link = link
    self.match = match
  }
}

extension FoundObject {
  init(_ object: ObjectRow, of query: FindText) {
    let link = ObjectLink(object)
    self.init(link, query.match(display: link.display) ?? Self.field(of: object, query) ?? .other)
  }

  /// Longer values are told by their labels alone.
  private static let mostShown = 60
  /// Of a text, so that none takes long.
  private static let mostExamined = 100_000

  /// The first field whose value holds the text.
  private static func field(of object: ObjectRow, _ query: FindText) -> FindMatch? {
    for (position, column) in object.columns.enumerated() where !column.isMasked {
      for text in texts(at: position, column, of: object) where query.isIn(text) {
        return .field(column.label, text.utf8.count <= mostShown ? text : nil)
      }
    }
    return nil
  }

  /// What a search looks into: a value as it is printed, or the labels of its keys.
  private static func texts(at position: Int, _ column: StoredColumn, of object: ObjectRow) -> [String] {
    let value = object.value(position)
    switch (value, column.searched) {
    case (.text(let bytes), .printed): return [CutBytes.text(bytes, mostExamined)]
    case (.choice(let key), .labels): return [label(key, position, of: object)]
    case (.choices(let keys), .labels):
      return keys.map { key in ChoiceKey.read(json: key) { label($0, position, of: object) } }
    case (.integer(let integer), .printed(let form)), (.date(let integer), .printed(let form)),
      (.datetime(let integer), .printed(let form)):
      return [printed { form.append(integer: integer, to: &$0) }]
    case (.number(let number), .printed): return [printed { $0.append(number: number) }]
    case (.relationship(let id), .printed): return [id.description]
    default: return []
    }
  }

  private static func printed(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }

  private static func label(_ key: ChoiceKey, _ position: Int, of object: ObjectRow) -> String {
    object.label(key, position).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
