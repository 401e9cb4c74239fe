import DataModel
import Storage
import Wire

/// How a field's value stands in a display (data-model.md «Display formats»). Plain numbers: what `choices` looks
/// into is kept by whoever keeps this.
struct FieldFormat {
  private let kind: RenderPlan.Kind
  private let decimals: Int?
  private let part: LocationPart?
  private let choices: ChoiceTable?

  static let invalid: StaticString = "< invalid value >"

  /// `labels` are those of a field that has options.
  init(_ content: DisplayFormat.FieldContent, _ field: Field, labels: ChoiceLabels?) {
    kind = RenderPlan.Kind(field.type)
    decimals = content.decimals
    part = content.locationPart
    choices = labels?.table
  }

  private init(kind: RenderPlan.Kind) {
    self.kind = kind
    decimals = nil
    part = nil
    choices = nil
  }

  /// Of an id, the object's own or that of a related one.
  static var id: FieldFormat { FieldFormat(kind: .relationship) }

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
    case .boolean: appendLabel(choices?.index(ofNumber: page.integer(row, slot) != 0 ? 1 : 0), to: &writer)
    case .singleChoiceInteger: appendLabel(choices?.index(ofNumber: page.integer(row, slot)), to: &writer)
    case .singleChoice: appendLabel(choices?.index(ofText: page.text(row, slot)), to: &writer)
    case .multipleChoice: appendLabels(page.text(row, slot), to: &writer)
    case .location: appendLocation(page.text(row, slot), to: &writer)
    case .attachment, .relationship: writer.append(id: page.id(row, slot))
    case .track: break
    }
  }

  private func appendLabel(_ index: Int?, to writer: inout ByteWriter) {
    if let choices, let index { writer.append(choices.label(index)) } else { writer.append(Self.invalid) }
  }

  /// Several labels stand in the model's order; keys without option come last.
  private func appendLabels(_ list: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    var isFirst = true
    // A bit for each of 64 options at a time: nearly always that is all of them.
    for first in stride(from: 0, to: choices?.entries.count ?? 0, by: 64) {
      var chosen: UInt64 = 0
      for key in KeyList(list) {
        if let index = choices?.index(ofJSON: key), (first..<first + 64).contains(index) {
          chosen |= 1 << (index - first)
        }
      }
      while chosen != 0 {
        let index = first + chosen.trailingZeroBitCount
        chosen &= chosen - 1
        append(listed: index, isFirst: &isFirst, to: &writer)
      }
    }
    for key in KeyList(list) where choices?.index(ofJSON: key) == nil {
      append(listed: nil, isFirst: &isFirst, to: &writer)
    }
  }

  private func append(listed index: Int?, isFirst: inout Bool, to writer: inout ByteWriter) {
    if !isFirst { writer.append(", ") }
    isFirst = false
    appendLabel(index, to: &writer)
  }

  private func appendLocation(_ list: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    guard let parts = LocationItems(list) else { return }
    if let part, let index = LocationPart.allCases.firstIndex(of: part) {
      let item = parts[index]
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

/// The six parts of a location, each as its own JSON.
private struct LocationItems {
  private let list: UnsafeRawBufferPointer

  /// Nil where the list has another count of items.
  init?(_ list: UnsafeRawBufferPointer) {
    guard KeyList(list).reduce(0, { count, _ in count + 1 }) == LocationPart.allCases.count else { return nil }
    self.list = list
  }

  subscript(index: Int) -> UnsafeRawBufferPointer {
    var items = KeyList(list)
    for _ in 0..<index { _ = items.next() }
    return items.next() ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
