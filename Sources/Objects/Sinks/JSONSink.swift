import DataModel
import Storage
import Wire

/// Objects as the API has them (api.md section 6): `id`, `type`, `updated_at`, `display`, fields in the model's order,
/// then `{relationship}_id`, each with the object that it embeds behind it.
package struct JSONSink: ObjectSink {
  package init() {}

  package func open(_ writer: inout ByteWriter) { ListEnvelope.open(&writer) }
  package var separator: StaticString { "," }
  package var missing: StaticString { "null" }
  package func close(_ end: ListEnd, _ writer: inout ByteWriter) { ListEnvelope.close(end, &writer) }

  package func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    let plan = object.model.rendering
    append(openingOf: object, plan, to: &writer)
    var position = 0
    for (number, branch) in object.includes.branches.enumerated() {
      append(position..<branch.column + 1, of: object, plan, to: &writer)
      position = branch.column + 1
      writer.append(branch.key.bytes)
      if case .relationship(let id) = object.value(branch.column) {
        gaps.append(EmbeddingGap(offset: writer.count, branch: number, id: id))
      } else {
        writer.append("null")
      }
    }
    append(position..<plan.columns.count, of: object, plan, to: &writer)
    writer.append("}")
  }

  @inline(__always)
  func append(openingOf object: ObjectRow, _ plan: RenderPlan, to writer: inout ByteWriter) {
    writer.append("{\"id\":\"")
    writer.append(id: object.id)
    writer.append(padded: plan.opening.bytes)
    Self.append(instant: object.secondsOfUpdate, to: &writer)
    writer.append("\",\"display\":\"")
    writer.append(escapedUTF8: object.display)
    writer.append("\"")
  }

  func append(
    _ positions: Range<Int>, of object: ObjectRow, _ plan: RenderPlan, to writer: inout ByteWriter
  ) {
    for position in positions {
      let column = plan.columns[position]
      let value = object.value(position)
      if case .attachment(let id) = value {
        object.attachments?.append(id, as: plan.attachments[column.choice], to: &writer)
      } else {
        writer.append(padded: plan.key(column))
        append(value, in: column, of: plan, to: &writer)
      }
    }
  }

  @inline(__always)
  private func append(
    _ value: ObjectValue, in column: RenderPlan.Column, of plan: RenderPlan, to writer: inout ByteWriter
  ) {
    switch value {
    case .text(let text): writer.append(quotedUTF8: text)
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .date(let days):
      writer.append("\"")
      // What cannot be a day cannot have been stored.
      if let day = CalendarDay(daysSince1970: Int(days)) { writer.append(day: day) }
      writer.append("\"")
    case .datetime(let seconds):
      writer.append("\"")
      Self.append(instant: seconds, to: &writer)
      writer.append("\"")
    case .choice(.text(let key)): plan.choices[column.choice].append(text: key, to: &writer)
    case .choice(.integer(let key)): plan.choices[column.choice].append(integer: key, to: &writer)
    case .choice(.boolean(let key)): plan.choices[column.choice].append(boolean: key, to: &writer)
    case .choices(let keys): append(keys, labelled: plan.choices[column.choice], to: &writer)
    case .location(let parts): append(location: parts, to: &writer)
    case .track(let json): writer.append(json)
    case .relationship(let id):
      writer.append("\"")
      writer.append(id: id)
      writer.append("\"")
    // An attachment with its id was printed before.
    case .attachment, .null: writer.append("null")
    }
  }

  private func append(_ keys: KeyList, labelled labels: ChoiceTable, to writer: inout ByteWriter) {
    writer.append("[")
    var isFirst = true
    for key in keys {
      if !isFirst { writer.append(",") }
      isFirst = false
      labels.append(key: key, to: &writer)
    }
    writer.append("]")
  }

  private func append(location parts: KeyList, to writer: inout ByteWriter) {
    writer.append("{")
    for (part, value) in zip(Self.locationKeys, parts) {
      writer.append(part)
      writer.append(value)
    }
    writer.append("}")
  }

  private static let locationKeys: [StaticString] = [
    "\"latitude\":", ",\"longitude\":", ",\"altitude\":", ",\"horizontal_accuracy\":",
    ",\"vertical_accuracy\":", ",\"timestamp\":",
  ]

  static func append(instant seconds: Int64, to writer: inout ByteWriter) {
    // What cannot be a time cannot have been stored.
    if let instant = Instant(secondsSince1970: seconds) { writer.append(instant: instant) }
  }
}
