import DataModel
import Wire

/// The options of a field as they are printed: `{"key":…,"display":…}` by the key's own JSON.
///
/// `@unchecked Sendable` is safe: everything is written in `init` and only read after.
final class ChoiceLabels: @unchecked Sendable {
  private struct Entry {
    var keyStart, keyLength, objectStart, objectLength, labelStart, labelLength: Int
  }

  /// Beyond so many options a dictionary finds them.
  private static let walked = 12

  private let entries: UnsafeMutableBufferPointer<Entry>
  private let blob: ByteBlock
  private let places: [ArraySlice<UInt8>: Int]

  init(_ field: Field) {
    var blob = ByteWriter()
    entries = .allocate(capacity: field.options.count)
    var places: [ArraySlice<UInt8>: Int] = [:]
    for (place, option) in field.options.enumerated() {
      let keyStart = blob.count
      Self.append(option.key, to: &blob)
      let keyEnd = blob.count
      Self.appendObject(keyEnd - keyStart, from: keyStart, label: option.label, to: &blob)
      let objectEnd = blob.count
      blob.append(text: option.label)
      entries.initializeElement(
        at: place,
        to: Entry(
          keyStart: keyStart, keyLength: keyEnd - keyStart, objectStart: keyEnd,
          objectLength: objectEnd - keyEnd, labelStart: objectEnd, labelLength: blob.count - objectEnd))
      if field.options.count > Self.walked {
        places[blob.withBytes { Array($0[keyStart..<keyEnd])[...] }] = place
      }
    }
    self.places = places
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

  /// The label of the option that stands at `place`, as text.
  func label(_ place: Int) -> UnsafeRawBufferPointer {
    let entry = entries[place]
    return UnsafeRawBufferPointer(start: blob.base + entry.labelStart, count: entry.labelLength)
  }

  /// `{"key":…,"display":…}` of the option that stands at `place`.
  private func object(_ place: Int) -> UnsafeRawBufferPointer {
    let entry = entries[place]
    return UnsafeRawBufferPointer(start: blob.base + entry.objectStart, count: entry.objectLength)
  }

  /// The place of the option whose key, as JSON, is these bytes; nil where no option has it.
  func place(ofKey json: UnsafeRawBufferPointer) -> Int? {
    if entries.count > Self.walked { return places[Array(json)[...]] }
    for place in 0..<entries.count {
      let entry = entries[place]
      if entry.keyLength == json.count,
        UnsafeRawBufferPointer(start: blob.base + entry.keyStart, count: json.count).elementsEqual(json)
      {
        return place
      }
    }
    return nil
  }

  /// Appends the choice object of a key that is given as JSON. A key that is no option any more keeps
  /// its value and has the display `< invalid value >` (api.md section 9).
  func append(key json: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if let place = place(ofKey: json) { return writer.append(object(place)) }
    writer.append("{\"key\":")
    writer.append(json)
    writer.append(",\"display\":\"< invalid value >\"}")
  }
}
