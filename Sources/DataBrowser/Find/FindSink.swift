import Objects
import Storage
import Synchronization
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

/// Takes objects of one model with what of them fits.
final class FindSink: ObjectSink {
  typealias End = ListEnd

  private let query: FindText
  private let found = Mutex<(objects: [FoundObject], end: ListEnd?)>(([], nil))

  init(_ query: FindText) { self.query = query }

  var objects: [FoundObject] { found.withLock { $0.objects } }
  var hasMore: Bool { found.withLock { $0.end?.hasMore ?? false } }

  func open(_ writer: inout ByteWriter) {}
  var separator: StaticString { "" }
  var missing: StaticString { "" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) { found.withLock { $0.end = end } }

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    let link = ObjectLink(
      model: object.modelName, id: object.id, display: CutBytes.text(object.display, LinkSink.mostBytes))
    let match = query.match(display: link.display) ?? field(of: object) ?? .other
    found.withLock { $0.objects.append(FoundObject(link, match)) }
  }

  /// Longer values are told by their labels alone.
  private static let mostShown = 60
  /// Of a text, so that none takes long.
  private static let mostExamined = 100_000

  /// The first field whose value holds the text.
  private func field(of object: ObjectRow) -> FindMatch? {
    for (position, column) in object.columns.enumerated() where !column.isMasked {
      for text in texts(at: position, column, of: object) where CaseFolding.folded(text).contains(query.folded) {
        return .field(column.label, text.utf8.count <= Self.mostShown ? text : nil)
      }
    }
    return nil
  }

  /// What a search looks into: a value as it is printed, or the labels of its keys.
  private func texts(at position: Int, _ column: StoredColumn, of object: ObjectRow) -> [String] {
    let value = object.value(position)
    switch (value, column.searched) {
    case (.text(let bytes), .printed): return [CutBytes.text(bytes, Self.mostExamined)]
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

  private func printed(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }

  private func label(_ key: ChoiceKey, _ position: Int, of object: ObjectRow) -> String {
    object.label(key, position).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
