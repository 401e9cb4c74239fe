import DataModel
import Glibc
import Storage
import Wire

/// How a field's value stands in a display (data-model.md «Display formats»).
struct FieldFormat: Sendable {
  private let kind: RenderPlan.Kind
  private let decimals: Int?
  private let part: LocationPart?
  private let labels: ChoiceLabels?

  static let invalid: StaticString = "< invalid value >"

  init(_ content: DisplayFormat.FieldContent, _ field: Field) {
    kind = RenderPlan.Kind(field.type)
    decimals = content.decimals
    part = content.locationPart
    labels = field.type.takesOptions ? ChoiceLabels(field) : nil
  }

  /// Appends the value in this row and slot, which is not null.
  func append(_ page: RowView, _ row: Int, _ slot: Int, to writer: inout ByteWriter) {
    switch kind {
    case .text: writer.append(page.text(row, slot))
    case .integer:
      let integer = page.integer(row, slot)
      if decimals == nil { return writer.append(integer: integer) }
      append(Double(integer), to: &writer)
    case .number: append(page.real(row, slot), to: &writer)
    case .date:
      if let day = CalendarDay(daysSince1970: Int(page.integer(row, slot))) { writer.append(displayOf: day) }
    case .datetime:
      if let instant = Instant(secondsSince1970: page.integer(row, slot)) { writer.append(displayOf: instant) }
    case .boolean, .singleChoice, .singleChoiceInteger:
      ChoiceKey.withJSON(of: kind, page, row, slot) { appendLabel(of: $0, to: &writer) }
    case .multipleChoice: appendLabels(page.text(row, slot), to: &writer)
    case .location: appendLocation(page.text(row, slot), to: &writer)
    case .attachment, .relationship: writer.append(id: page.id(row, slot))
    case .track: break
    }
  }

  private func appendLabel(of key: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if let labels, let place = labels.place(ofKey: key) {
      writer.append(labels.label(place))
    } else {
      writer.append(Self.invalid)
    }
  }

  /// Several labels stand in the model's order; keys without option come last.
  private func appendLabels(_ list: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    var places: [Int] = []
    var invalid = 0
    for key in KeyList(list) {
      if let place = labels?.place(ofKey: key) { places.append(place) } else { invalid += 1 }
    }
    var isFirst = true
    for place in places.sorted() {
      if !isFirst { writer.append(", ") }
      isFirst = false
      if let labels { writer.append(labels.label(place)) }
    }
    for _ in 0..<invalid {
      if !isFirst { writer.append(", ") }
      isFirst = false
      writer.append(Self.invalid)
    }
  }

  private func appendLocation(_ list: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    let parts = Array(KeyList(list))
    guard parts.count == LocationPart.allCases.count else { return }
    if let part, let place = LocationPart.allCases.firstIndex(of: part) {
      let item = parts[place]
      if item.elementsEqual("null".utf8) { return }
      if part == .timestamp {
        let inner = UnsafeRawBufferPointer(rebasing: item.dropFirst().dropLast())
        if let instant = Instant(utf8: inner) { writer.append(displayOf: instant) }
      } else if let decimals, let number = NumberText.double(utf8: item) {
        Self.append(number, decimals: decimals, to: &writer)
      } else {
        writer.append(item)
      }
      return
    }
    writer.append("(")
    writer.append(parts[0])
    writer.append(",")
    writer.append(parts[1])
    if !parts[3].elementsEqual("null".utf8) {
      writer.append(" ~")
      writer.append(parts[3])
    }
    writer.append(")")
  }

  /// At most six decimals, at least one; or as many as the format says.
  private func append(_ number: Double, to writer: inout ByteWriter) {
    if let decimals { return Self.append(number, decimals: decimals, to: &writer) }
    let start = writer.count
    Self.append(number, decimals: 6, to: &writer)
    let zeros = writer.withBytes { bytes in
      bytes[start...].reversed().prefix(5).prefix { $0 == UInt8(ascii: "0") }.count
    }
    writer.truncate(to: writer.count - zeros)
  }

  private static func append(_ number: Double, decimals: Int, to writer: inout ByteWriter) {
    // The longest double has 309 digits before the point.
    var text = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(decimals), number]) { vsnprintf(&text, text.count, "%.*f", $0) }
    text.prefix(Int(max(count, 0))).withUnsafeBytes { writer.append($0) }
  }
}
