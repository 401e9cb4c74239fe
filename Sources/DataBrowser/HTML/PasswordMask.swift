import JSON
import Storage
import Wire

/// Leaves the values of password fields out of an object's JSON, and of the objects that it embeds.
struct PasswordMask {
  private let masked: Set<String>
  /// By the relationships under which they are embedded.
  private let embedded: [String: PasswordMask]

  init(_ model: StoredModel, embedding related: [(relationship: String, model: StoredModel)] = []) {
    masked = Set(model.columns.filter(\.isMasked).map(\.name))
    embedded = Dictionary(
      related.map { ($0.relationship, PasswordMask($0.model)) }, uniquingKeysWith: { first, _ in first }
    ).filter { $0.value.isNeeded }
  }

  private var isNeeded: Bool { !masked.isEmpty || !embedded.isEmpty }

  /// With null in place of what is masked.
  func masked(_ json: String) throws -> String {
    if !isNeeded { return json }
    var writer = ByteWriter(capacity: json.utf8.count)
    writer.append("{")
    for (index, member) in try JSONDocument.read(json).root.members.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: member.key)
      writer.append(":")
      let text = member.value.rawText
      if masked.contains(member.key) {
        writer.append("null")
      } else if let mask = embedded[member.key], text.hasPrefix("{") {
        writer.append(text: try mask.masked(text))
      } else {
        writer.append(text: text)
      }
    }
    writer.append("}")
    return writer.string
  }
}
