import DataModel
import Wire

/// The options of a field as they are printed: `{"key":…,"display":…}`, and their labels. It owns the memory that
/// `table` looks into, and must be kept as long as that is used.
///
/// `@unchecked Sendable` is safe: everything is written in `init` and only read after.
final class ChoiceLabels: @unchecked Sendable {
  let table: ChoiceTable
  private let blob: ByteBlock

  init(_ field: Field) {
    var blob = ByteWriter()
    let entries = UnsafeMutableBufferPointer<ChoiceTable.Entry>.allocate(capacity: field.options.count)
    for (index, option) in field.options.enumerated() {
      let key = Self.append({ Self.append(option.key, to: &$0) }, to: &blob)
      let text = Self.append({ if case .text(let text) = option.key { $0.append(text: text) } }, to: &blob)
      let object = Self.append(
        {
          $0.append("{\"key\":")
          Self.append(option.key, to: &$0)
          $0.append(",\"display\":")
          $0.append(quoted: option.label)
          $0.append("}")
        }, to: &blob)
      let label = Self.append({ $0.append(text: option.label) }, to: &blob)
      entries.initializeElement(
        at: index,
        to: ChoiceTable.Entry(
          number: option.key.number, key: key, keyWord: Self.word(key, of: blob), text: text,
          textWord: Self.word(text, of: blob), object: object, label: label))
    }
    blob.pad()
    self.blob = blob.detach()
    table = ChoiceTable(entries: UnsafeBufferPointer(entries), base: self.blob.base)
  }

  deinit {
    table.entries.deallocate()
    table.slots?.deallocate()
  }

  private static func append(_ body: (inout ByteWriter) -> Void, to blob: inout ByteWriter) -> ChoiceTable.Span {
    let start = blob.count
    body(&blob)
    return ChoiceTable.Span(start: start, count: blob.count - start)
  }

  private static func word(_ span: ChoiceTable.Span, of blob: borrowing ByteWriter) -> UInt64 {
    blob.withBytes { UnsafeRawBufferPointer(rebasing: $0[span.start..<span.start + span.count]).firstWord }
  }

  private static func append(_ key: OptionKey, to writer: inout ByteWriter) {
    switch key {
    case .text(let text): writer.append(quoted: text)
    case .integer(let integer): writer.append(integer: Int64(integer))
    case .boolean(let boolean): writer.append(boolean ? "true" : "false")
    }
  }
}

extension OptionKey {
  /// As storage keeps it; zero of a text.
  fileprivate var number: Int64 {
    switch self {
    case .text: 0
    case .integer(let integer): Int64(integer)
    case .boolean(let boolean): boolean ? 1 : 0
    }
  }
}
