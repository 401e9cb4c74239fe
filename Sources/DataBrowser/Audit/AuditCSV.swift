import Crypto
import People
import Storage
import Wire

/// The audit as comma-separated values (RFC 4180). It is opened in spreadsheets, and others have typed what is in it: a
/// text that they would take for a formula has a `'` before it.
struct AuditCSV {
  private static let heads = [
    "number", "time", "person_id", "person", "deployment", "address", "action", "target", "filter", "count",
    "reference", "outcome", "hash",
  ]

  let names: [PersonID: String]

  func bytes(_ entries: [AuditEntry]) -> ByteBlock {
    var writer = ByteWriter(capacity: 4096)
    line(Self.heads, &writer)
    for entry in entries { line(cells(entry), &writer) }
    return writer.detach()
  }

  private func cells(_ entry: AuditEntry) -> [String] {
    let draft = entry.draft
    return [
      "\(entry.number)", draft.at.description, draft.person?.text ?? "", draft.person.flatMap { names[$0] } ?? "",
      draft.deployment ?? "", draft.address, draft.action, draft.target, draft.filter ?? "",
      draft.count.map { "\($0)" } ?? "", draft.reference ?? "", draft.outcome, Hex.encode(entry.hash),
    ]
  }

  private func line(_ cells: [String], _ writer: inout ByteWriter) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(text: Self.quoted(cell))
    }
    writer.append("\r\n")
  }

  static func quoted(_ text: String) -> String {
    var text = text
    // A number of ours never begins with any of these.
    if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) { text = "'" + text }
    let isPlain = !text.unicodeScalars.contains { [",", "\"", "\r", "\n"].contains($0) }
    return isPlain ? text : "\"\(text.replacing(scalars: "\"", with: "\"\""))\""
  }
}
