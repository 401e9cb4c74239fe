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
      let place = RowPage.Lead.count + branch.column
      if page.kind(row, place) == .id {
        gaps.append(EmbeddingGap(offset: writer.count, branch: number, id: page.id(row, place)))
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
    writer.append(model.rendering.opening.bytes)
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
      let place = RowPage.Lead.count &+ position
      if column.kind == .attachment, page.kind(row, place) == .id {
        attachments.append(page.id(row, place), as: plan.attachments[column.choice], to: &writer)
        continue
      }
      writer.append(plan.key(column))
      if page.kind(row, place) == .null {
        writer.append("null")
      } else {
        append(column, of: plan, page, row, place, to: &writer)
      }
    }
  }

  private func append(
    _ column: RenderPlan.Column, of plan: RenderPlan, _ page: RowView, _ row: Int, _ place: Int,
    to writer: inout ByteWriter
  ) {
    switch column.kind {
    case .text: writer.append(quotedUTF8: page.text(row, place))
    case .integer: writer.append(integer: page.integer(row, place))
    case .number: writer.append(number: page.real(row, place))
    case .date:
      writer.append("\"")
      Self.append(day: page.integer(row, place), to: &writer)
      writer.append("\"")
    case .datetime:
      writer.append("\"")
      Self.append(instant: page.integer(row, place), to: &writer)
      writer.append("\"")
    case .boolean, .singleChoice, .singleChoiceInteger:
      ChoiceKey.withJSON(of: column.kind, page, row, place) {
        plan.choices[column.choice].append(key: $0, to: &writer)
      }
    case .multipleChoice:
      let labels = plan.choices[column.choice]
      writer.append("[")
      var isFirst = true
      for key in KeyList(page.text(row, place)) {
        if !isFirst { writer.append(",") }
        isFirst = false
        labels.append(key: key, to: &writer)
      }
      writer.append("]")
    case .location:
      writer.append("{")
      for (part, value) in zip(Self.locationKeys, KeyList(page.text(row, place))) {
        writer.append(part)
        writer.append(value)
      }
      writer.append("}")
    case .track: writer.append(page.text(row, place))
    // With its id it was printed before.
    case .attachment: writer.append("null")
    case .relationship:
      writer.append("\"")
      writer.append(id: page.id(row, place))
      writer.append("\"")
    }
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

/// The JSON of a single key: what `ChoiceLabels` looks for.
enum ChoiceKey {
  static func withJSON(
    of kind: RenderPlan.Kind, _ page: RowView, _ row: Int, _ place: Int,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    var writer = ByteWriter(capacity: 64)
    switch kind {
    case .boolean: writer.append(page.integer(row, place) != 0 ? "true" : "false")
    case .singleChoiceInteger: writer.append(integer: page.integer(row, place))
    default: writer.append(quotedUTF8: page.text(row, place))
    }
    writer.withBytes(body)
  }
}
