import JSON
import Wire

/// JSON texts.
enum JSONTexts {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument.read(input.bytes)
    } catch {
      try Words.check(error.description, about: input)
      try promise((0...input.bytes.count).contains(error.offset), "a fault lies in the text: \(error)")
      _ = JSONIndent.indented(input.text)
      return
    }
    try promise(String(validating: input.bytes, as: UTF8.self) != nil, "a text that is read is UTF-8")
    let limits = JSONLimits(depth: 3, nodes: 20)
    if let small = try? JSONDocument.read(input.bytes, limits: limits) {
      try promise(printed(small.root), is: printed(document.root), "limits make no other text")
    }
    // Halves of surrogate pairs have no text that means them.
    if document.root.holdsLoneSurrogate { return }
    let text = printed(document.root)
    try promise(reading(text), is: text, "what is printed is read as the same")
    try promise(reading(JSONIndent.indented(input.text)), is: text, "on lines of its own it means the same")
    try promise(reading(PrintableText.escapedJSON(text)), is: text, "with hidden characters escaped it means the same")
  }

  private static func reading(_ text: String) -> String? {
    (try? JSONDocument.read(text)).map { printed($0.root) }
  }

  /// Without blanks, texts with as few escapes as can be, and numbers as they are.
  static func printed(_ value: JSONValue) -> String {
    var writer = ByteWriter()
    append(value, to: &writer)
    return writer.string
  }

  private static func append(_ value: JSONValue, to writer: inout ByteWriter) {
    switch value.kind {
    case .null: writer.append("null")
    case .bool(let flag): writer.append(flag ? "true" : "false")
    case .number: writer.append(text: value.rawText)
    case .string: writer.append(quoted: value.string ?? "")
    case .array:
      writer.append("[")
      for (index, element) in value.elements.enumerated() {
        if index > 0 { writer.append(",") }
        append(element, to: &writer)
      }
      writer.append("]")
    case .object:
      writer.append("{")
      for (index, member) in value.members.enumerated() {
        if index > 0 { writer.append(",") }
        writer.append(quoted: member.key)
        writer.append(":")
        append(member.value, to: &writer)
      }
      writer.append("}")
    }
  }
}
