import DataModel
import Storage
import Wire

/// Prints objects as the API has them (api.md section 6): `id`, `type`, `updated_at`, `display`, fields
/// in the model's order, then `{relationship}_id`.
struct ObjectRenderer {
  let model: ModelView

  /// Appends the object in this row of a page that has all columns.
  func append(_ page: RowView, _ row: Int, displays: inout DisplayWriter, to writer: inout ByteWriter) {
    appendOpening(page, row, displays: &displays, to: &writer)
    append(0..<model.rendering.columns.count, of: page, row, displays.attachments, to: &writer)
    writer.append("}")
  }

  /// The same with the keys of what is embedded, each behind its `{relationship}_id`. The objects
  /// themselves are left out, and `gaps` says where each belongs and which it is.
  func append(
    _ page: RowView, _ row: Int, including includes: Includes, displays: inout DisplayWriter,
    to writer: inout ByteWriter, gaps: inout [EmbeddingGap]
  ) {
    appendOpening(page, row, displays: &displays, to: &writer)
    var column = 0
    for (number, branch) in includes.branches.enumerated() {
      append(column..<branch.column + 1, of: page, row, displays.attachments, to: &writer)
      column = branch.column + 1
      writer.append(branch.key.bytes)
      let slot = RowPage.Lead.count + branch.column
      if page.kind(row, slot) == .id {
        gaps.append(EmbeddingGap(offset: writer.count, branch: number, id: page.id(row, slot)))
      } else {
        writer.append("null")
      }
    }
    append(column..<model.rendering.columns.count, of: page, row, displays.attachments, to: &writer)
    writer.append("}")
  }

  private func appendOpening(
    _ page: RowView, _ row: Int, displays: inout DisplayWriter, to writer: inout ByteWriter
  ) {
    writer.append("{\"id\":\"")
    writer.append(id: page.id(row, RowPage.Lead.id))
    writer.append(padded: model.rendering.opening.bytes)
    Self.append(instant: page.integer(row, RowPage.Lead.updatedAt), to: &writer)
    writer.append("\",\"display\":\"")
    displays.appendEscaped(displayOf: model, page, row, to: &writer)
    writer.append("\"")
  }

  private func append(
    _ positions: Range<Int>, of page: RowView, _ row: Int, _ attachments: borrowing AttachmentWriter,
    to writer: inout ByteWriter
  ) {
    let plan = model.rendering
    for position in positions {
      let column = plan.columns[position]
      let slot = RowPage.Lead.count &+ position
      let kind = page.kind(row, slot)
      if column.kind == .attachment, kind == .id {
        attachments.append(page.id(row, slot), as: plan.attachments[column.choice], to: &writer)
        continue
      }
      writer.append(padded: plan.key(column))
      if kind == .null {
        writer.append("null")
      } else {
        append(column, of: plan, page, row, slot, to: &writer)
      }
    }
  }

  private func append(
    _ column: RenderPlan.Column, of plan: RenderPlan, _ page: RowView, _ row: Int, _ slot: Int,
    to writer: inout ByteWriter
  ) {
    switch column.kind {
    case .text: writer.append(quotedUTF8: page.text(row, slot))
    case .integer: writer.append(integer: page.integer(row, slot))
    case .number: writer.append(number: page.real(row, slot))
    case .date:
      writer.append("\"")
      Self.append(day: page.integer(row, slot), to: &writer)
      writer.append("\"")
    case .datetime:
      writer.append("\"")
      Self.append(instant: page.integer(row, slot), to: &writer)
      writer.append("\"")
    case .boolean: plan.choices[column.choice].append(boolean: page.integer(row, slot) != 0, to: &writer)
    case .singleChoice: plan.choices[column.choice].append(text: page.text(row, slot), to: &writer)
    case .singleChoiceInteger: plan.choices[column.choice].append(integer: page.integer(row, slot), to: &writer)
    case .multipleChoice: Self.append(keys: page.text(row, slot), plan.choices[column.choice], to: &writer)
    case .location:
      writer.append("{")
      for (part, value) in zip(Self.locationKeys, KeyList(page.text(row, slot))) {
        writer.append(part)
        writer.append(value)
      }
      writer.append("}")
    case .track: writer.append(page.text(row, slot))
    // With its id it was printed before.
    case .attachment: writer.append("null")
    case .relationship:
      writer.append("\"")
      writer.append(id: page.id(row, slot))
      writer.append("\"")
    }
  }

  private static func append(keys list: UnsafeRawBufferPointer, _ choices: ChoiceTable, to writer: inout ByteWriter) {
    writer.append("[")
    var isFirst = true
    for key in KeyList(list) {
      if !isFirst { writer.append(",") }
      isFirst = false
      choices.append(key: key, to: &writer)
    }
    writer.append("]")
  }

  private static let locationKeys: [StaticString] = [
    "\"latitude\":", ",\"longitude\":", ",\"altitude\":", ",\"horizontal_accuracy\":",
    ",\"vertical_accuracy\":", ",\"timestamp\":",
  ]

  static func append(instant seconds: Int64, to writer: inout ByteWriter) {
    // What cannot be a time cannot have been stored.
    if let instant = Instant(secondsSince1970: seconds) { writer.append(instant: instant) }
  }

  static func append(day days: Int64, to writer: inout ByteWriter) {
    if let day = CalendarDay(daysSince1970: Int(days)) { writer.append(day: day) }
  }
}
