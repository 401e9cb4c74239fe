import DataModel
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

  private init(kind: RenderPlan.Kind) {
    self.kind = kind
    decimals = nil
    part = nil
    labels = nil
  }

  /// Of an id, the object's own or that of a related one.
  static let id = FieldFormat(kind: .relationship)

  /// Appends the value in this row and slot, which is not null.
  func append(_ page: RowView, _ row: Int, _ slot: Int, to writer: inout ByteWriter) {
    switch kind {
    case .text: writer.append(page.text(row, slot))
    case .integer:
      writer.append(fixed: page.integer(row, slot), decimals: decimals ?? 0)
    case .number:
      let number = page.real(row, slot)
      if let decimals { writer.append(fixed: number, decimals: decimals) } else { writer.append(displayOf: number) }
    case .date:
      if let day = CalendarDay(daysSince1970: Int(page.integer(row, slot))) { writer.append(displayOf: day) }
    case .datetime:
      if let instant = Instant(secondsSince1970: page.integer(row, slot)) { writer.append(displayOf: instant) }
    case .boolean, .singleChoice, .singleChoiceInteger:
      appendLabel(of: ChoiceKey(kind, page, row, slot), to: &writer)
    case .multipleChoice: appendLabels(page.text(row, slot), to: &writer)
    case .location: appendLocation(page.text(row, slot), to: &writer)
    case .attachment, .relationship: writer.append(id: page.id(row, slot))
    case .track: break
    }
  }

  private func appendLabel(of key: ChoiceKey, to writer: inout ByteWriter) {
    if let labels, let index = labels.index(of: key) {
      writer.append(labels.label(index))
    } else {
      writer.append(Self.invalid)
    }
  }

  /// Several labels stand in the model's order; keys without option come last.
  private func appendLabels(_ list: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    var indexes: [Int] = []
    var invalid = 0
    for key in KeyList(list) {
      if let index = labels?.index(ofJSON: key) { indexes.append(index) } else { invalid += 1 }
    }
    var isFirst = true
    for index in indexes.sorted() {
      if !isFirst { writer.append(", ") }
      isFirst = false
      if let labels { writer.append(labels.label(index)) }
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
        writer.append(fixed: number, decimals: decimals)
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
}
