import Objects
import QueryLanguage
import Storage
import Synchronization
import Web
import Wire

/// An object by what people read and where its page is.
package struct ObjectLink: Sendable, Hashable {
  package var model: String
  package var id: ObjectID
  package var display: String

  package init(model: String, id: ObjectID, display: String) {
    self.model = model
    self.id = id
    self.display = display
  }

  /// Bytes of a display that are shown in a list.
  static let mostBytes = 300

  init(_ object: ObjectRow) {
    self.init(model: object.modelName, id: object.id, display: CutBytes.text(object.display, Self.mostBytes))
  }

  /// A display that says nothing is told so.
  var html: HTML { display.allSatisfy(\.isWhitespace) ? span(.class("blank")) { "no display" } : .text(display) }
}

/// Takes objects of a list as values of a page.
final class GatheringSink<Item: Sendable>: ObjectSink {
  typealias End = ListEnd

  private let item: @Sendable (ObjectRow) -> Item
  private let found = Mutex<(items: [Item], end: ListEnd?)>(([], nil))

  init(_ item: @Sendable @escaping (ObjectRow) -> Item) { self.item = item }

  var items: [Item] { found.withLock { $0.items } }
  var hasMore: Bool { found.withLock { $0.end?.hasMore ?? false } }

  func open(_ writer: inout ByteWriter) {}
  var separator: StaticString { "" }
  var missing: StaticString { "" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) { found.withLock { $0.end = end } }

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    let item = item(object)
    found.withLock { $0.items.append(item) }
  }
}

/// The beginning of a text of bytes.
enum CutBytes {
  /// At most so many bytes, at a character's end, and `…` where something is cut off.
  static func text(_ bytes: UnsafeRawBufferPointer, _ most: Int) -> String {
    if bytes.count <= most { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: bytes[..<end(of: bytes, most)], as: UTF8.self) + "…"
  }

  /// Where the last whole scalar ends within so many bytes.
  static func end(of bytes: UnsafeRawBufferPointer, _ most: Int) -> Int {
    var end = min(most, bytes.count)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}

extension PageRead {
  /// The first of a model's objects that match, each as an item.
  func gather<Item: Sendable>(
    _ model: ModelView, where predicate: Predicate, sort: [SortKey] = [], limit: Int,
    _ item: @Sendable @escaping (ObjectRow) -> Item
  ) throws -> (items: [Item], hasMore: Bool) {
    let query = try ListQuery(
      on: model, predicate: predicate, sort: sort, bounds: PageBounds(limit: limit), hasTotal: false)
    let sink = GatheringSink(item)
    _ = try call.calls.list(model, query, in: context, to: sink, from: snapshot)
    return (sink.items, sink.hasMore)
  }

  /// The same as links.
  func links(
    to model: ModelView, where predicate: Predicate, sort: [SortKey] = [], limit: Int
  ) throws -> (links: [ObjectLink], hasMore: Bool) {
    let found = try gather(model, where: predicate, sort: sort, limit: limit, ObjectLink.init)
    return (found.items, found.hasMore)
  }

  /// Those of these objects that there are, by id.
  func displays(of ids: [ObjectID], in model: ModelView) throws -> [ObjectID: String] {
    if ids.isEmpty { return [:] }
    let found = try links(to: model, where: .among(.id, ids.map(StoredValue.id)), limit: ids.count)
    return Dictionary(found.links.map { ($0.id, $0.display) }, uniquingKeysWith: { first, _ in first })
  }
}
