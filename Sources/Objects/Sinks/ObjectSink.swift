import Wire

/// A form in which objects leave the server: JSON, an entry of the feed, a table of a page, CSV. `Objects` reads,
/// follows relationships and writes displays; a sink only says how an object that it is handed turns into bytes.
///
/// ```swift
/// struct IDList: ObjectSink {
///   var separator: StaticString { "\n" }
///   var missing: StaticString { "" }
///   func open(_ writer: inout ByteWriter) {}
///   func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
///     writer.append(id: object.id)
///   }
///   func close(_ end: ListEnd, _ writer: inout ByteWriter) {}
/// }
/// ```
///
/// Sinks are used through generics, never as existentials, so that a row of an answer costs no look-up of a method.
/// Within this module they are specialised.
package protocol ObjectSink: Sendable {
  /// What stands behind the last object.
  associatedtype End

  /// Appends what stands before the first object.
  func open(_ writer: inout ByteWriter)

  /// What stands between two objects.
  var separator: StaticString { get }

  /// Appends an object. Where an object that it embeds belongs (`ObjectRow.embedded`) it appends nothing and notes a
  /// gap with the writer's count; what fills the gap was written by this function too.
  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap])

  /// What fills a gap whose object there is not.
  var missing: StaticString { get }

  /// Appends what stands behind the last object.
  func close(_ end: End, _ writer: inout ByteWriter)
}

/// What is told behind the last object of a list.
package struct ListEnd: Sendable {
  package let count: Int
  /// Nil where it was not asked for.
  package let total: Int?
  package let hasMore: Bool
  /// The text of the cursor behind the last object; nil where nothing follows, and for lists without cursors.
  package let next: String?

  package init(count: Int, total: Int?, hasMore: Bool, next: String? = nil) {
    self.count = count
    self.total = total
    self.hasMore = hasMore
    self.next = next
  }
}
