import Wire

extension JSONNode {
  /// The text for people: a member or element on each line, two blanks deeper at each level. What has no
  /// members stays on its line.
  package var lines: String {
    var writer = ByteWriter(capacity: 512)
    appendLines(to: &writer, depth: 0)
    return writer.string
  }

  private func appendLines(to writer: inout ByteWriter, depth: Int) {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      writer.append("[")
      for (index, element) in elements.enumerated() {
        Self.breakLine(index == 0 ? "" : ",", depth: depth + 1, in: &writer)
        element.appendLines(to: &writer, depth: depth + 1)
      }
      Self.breakLine("", depth: depth, in: &writer)
      writer.append("]")
    case .object(let members) where !members.isEmpty:
      writer.append("{")
      for (index, member) in members.enumerated() {
        Self.breakLine(index == 0 ? "" : ",", depth: depth + 1, in: &writer)
        writer.append(quoted: member.key)
        writer.append(": ")
        member.value.appendLines(to: &writer, depth: depth + 1)
      }
      Self.breakLine("", depth: depth, in: &writer)
      writer.append("}")
    default: append(to: &writer)
    }
  }

  private static func breakLine(_ end: StaticString, depth: Int, in writer: inout ByteWriter) {
    writer.append(end)
    writer.append("\n")
    writer.append(text: String(repeating: "  ", count: depth))
  }
}
