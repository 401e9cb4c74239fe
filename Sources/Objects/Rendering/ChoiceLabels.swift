import DataModel
import Wire

/// The options of a field as they are printed: `{"key":…,"display":…}` by the key's own JSON.
///
/// `@unchecked Sendable` is safe: everything is written in `init` and only read after.
final class ChoiceLabels: @unchecked Sendable {
  private struct Entry {
    var keyStart, keyLength, objectStart, objectLength, labelStart, labelLength: Int
    /// The key itself: a text's bytes lie in `blob`, numbers and booleans are an integer.
    var textStart, textLength: Int
    var integer: Int64?
  }

  /// Beyond so many options a dictionary finds them.
  private static let walked = 12

  private let entries: UnsafeMutableBufferPointer<Entry>
  private let blob: ByteBlock
  private let indexes: [ArraySlice<UInt8>: Int]

  init(_ field: Field) {
    var blob = ByteWriter()
    entries = .allocate(capacity: field.options.count)
    var indexes: [ArraySlice<UInt8>: Int] = [:]
    for (index, option) in field.options.enumerated() {
      let keyStart = blob.count
      Self.append(option.key, to: &blob)
      let keyEnd = blob.count
      Self.appendObject(keyEnd - keyStart, from: keyStart, label: option.label, to: &blob)
      let objectEnd = blob.count
      blob.append(text: option.label)
      let labelEnd = blob.count
      var integer: Int64?
      switch option.key {
      case .text(let text): blob.append(text: text)
      case .integer(let number): integer = Int64(number)
      case .boolean(let boolean): integer = boolean ? 1 : 0
      }
      entries.initializeElement(
        at: index,
        to: Entry(
          keyStart: keyStart, keyLength: keyEnd - keyStart, objectStart: keyEnd,
          objectLength: objectEnd - keyEnd, labelStart: objectEnd, labelLength: labelEnd - objectEnd,
          textStart: labelEnd, textLength: blob.count - labelEnd, integer: integer))
      if field.options.count > Self.walked {
        indexes[blob.withBytes { Array($0[keyStart..<keyEnd])[...] }] = index
      }
    }
    self.indexes = indexes
    self.blob = blob.detach()
  }

  deinit { entries.deallocate() }

  private static func append(_ key: OptionKey, to writer: inout ByteWriter) {
    switch key {
    case .text(let text): writer.append(quoted: text)
    case .integer(let integer): writer.append(integer: Int64(integer))
    case .boolean(let boolean): writer.append(boolean ? "true" : "false")
    }
  }

  private static func appendObject(
    _ keyLength: Int, from keyStart: Int, label: String, to writer: inout ByteWriter
  ) {
    writer.append("{\"key\":")
    writer.append(writer.withBytes { Array($0[keyStart..<keyStart + keyLength]) })
    writer.append(",\"display\":")
    writer.append(quoted: label)
    writer.append("}")
  }

  /// The label of the option with this index, as text.
  func label(_ index: Int) -> UnsafeRawBufferPointer {
    let entry = entries[index]
    return UnsafeRawBufferPointer(start: blob.base + entry.labelStart, count: entry.labelLength)
  }

  /// `{"key":…,"display":…}` of the option with this index.
  private func object(_ index: Int) -> UnsafeRawBufferPointer {
    let entry = entries[index]
    return UnsafeRawBufferPointer(start: blob.base + entry.objectStart, count: entry.objectLength)
  }

  private func isEqual(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ length: Int) -> Bool {
    length == bytes.count
      && UnsafeRawBufferPointer(start: blob.base + start, count: length).elementsEqual(bytes)
  }

  /// The index of the option whose key, as JSON, is these bytes; nil where no option has it.
  func index(ofJSON json: UnsafeRawBufferPointer) -> Int? {
    if entries.count > Self.walked { return indexes[Array(json)[...]] }
    for index in 0..<entries.count where isEqual(json, entries[index].keyStart, entries[index].keyLength) {
      return index
    }
    return nil
  }

  /// The index of the option with this key; nil where no option has it.
  func index(of key: ChoiceKey) -> Int? {
    if entries.count > Self.walked {
      var json = ByteWriter(capacity: 64)
      key.append(to: &json)
      return json.withBytes { index(ofJSON: $0) }
    }
    switch key {
    case .text(let text):
      for index in 0..<entries.count
      where entries[index].integer == nil && isEqual(text, entries[index].textStart, entries[index].textLength) {
        return index
      }
      return nil
    case .integer(let integer): return index(ofInteger: integer)
    case .boolean(let boolean): return index(ofInteger: boolean ? 1 : 0)
    }
  }

  private func index(ofInteger integer: Int64) -> Int? {
    for index in 0..<entries.count where entries[index].integer == integer { return index }
    return nil
  }

  /// Appends the choice object of a key. A key that is no option any more keeps its value and has the display
  /// `< invalid value >` (api.md section 9).
  func append(_ key: ChoiceKey, to writer: inout ByteWriter) {
    if let index = index(of: key) { return writer.append(object(index)) }
    writer.append("{\"key\":")
    key.append(to: &writer)
    writer.append(",\"display\":\"< invalid value >\"}")
  }

  /// The same of a key that is given as JSON.
  func append(json: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if let index = index(ofJSON: json) { return writer.append(object(index)) }
    writer.append("{\"key\":")
    writer.append(json)
    writer.append(",\"display\":\"< invalid value >\"}")
  }
}
