import DataModel
import Wire

/// Objects with some of their columns, each printed as the API has it: one a line, or as an array.
package struct RecordSink: ObjectSink {
  package enum Form: Sendable { case lines, array }

  private let form: Form
  private let columns: [Column]
  private let json = JSONSink()

  private struct Column: Sendable {
    let position: Int
    /// Whether null stands in place of the value.
    let isMasked: Bool
  }

  /// - Parameters:
  ///   - positions: among the model's columns, in the order in which they are printed.
  ///   - masked: those of them whose values are not told.
  package init(_ form: Form, columns positions: [Int], masked: Set<Int>) {
    self.form = form
    columns = positions.map { Column(position: $0, isMasked: masked.contains($0)) }
  }

  package func open(_ writer: inout ByteWriter) { if form == .array { writer.append("[") } }
  package var separator: StaticString { form == .array ? ",\n" : "\n" }
  package var missing: StaticString { "null" }

  package func close(_ end: ListEnd, _ writer: inout ByteWriter) {
    switch form {
    case .array: writer.append("]\n")
    case .lines: if end.count > 0 { writer.append("\n") }
    }
  }

  package func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    let plan = object.model.rendering
    json.append(openingOf: object, plan, to: &writer)
    for column in columns {
      if column.isMasked {
        writer.append(padded: plan.key(plan.columns[column.position]))
        writer.append("null")
      } else {
        json.append(column.position..<column.position + 1, of: object, plan, to: &writer)
      }
    }
    writer.append("}")
  }
}
