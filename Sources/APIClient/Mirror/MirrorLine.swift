import JSON
import Wire

/// An object as a line of a mirror: its JSON with the id first and without `display`, which follows related
/// objects and so changes without a change of this one.
enum MirrorLine {
  private static let opening: StaticString = "{\"id\":\""
  private static let openingLength = 7
  private static let idLength = 36

  /// Appends the line with its end; false where the value is no object of the API.
  static func append(_ object: JSONValue, to writer: inout ByteWriter) -> Bool {
    guard object.isObject, let id = id(of: object) else { return false }
    writer.append(opening)
    writer.append(id: id)
    writer.append("\"")
    for member in object.members {
      let key = member.key
      if key == "id" || key == "display" { continue }
      writer.append(",")
      writer.append(quoted: key)
      writer.append(":")
      member.value.withRawText { append(oneLine: $0, to: &writer) }
    }
    writer.append("}\n")
    return true
  }

  static func id(of object: JSONValue) -> ObjectID? { object["id"]?.string.flatMap { ObjectID($0) } }

  /// JSON without line breaks: outside of texts, which cannot hold any, they are white space.
  private static func append(oneLine text: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    guard text.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return writer.append(text) }
    for byte in text { writer.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
  }

  /// The id in a line that was written here; nil for any other line.
  static func id(inLine line: UnsafeRawBufferPointer) -> ObjectID? {
    guard line.count > openingLength + idLength,
      line.prefix(openingLength).elementsEqual(UnsafeRawBufferPointer(start: opening.utf8Start, count: openingLength))
    else { return nil }
    let text = line[openingLength..<openingLength + idLength]
    return ObjectID(String(decoding: text, as: UTF8.self))
  }
}
