import Storage

/// Compares the oplog with what the authors know: nothing missing, nothing twice, nothing besides, each
/// author's changes in the order in which they were made.
enum OplogFindings {
  static func of(_ file: OplogFile, authors: [Author]) throws -> [String] {
    let integrity = try file.integrity()
    return (integrity == "ok" ? [] : ["integrity_check: \(integrity)"]) + of(try file.entries(), authors: authors)
  }

  static func of(_ entries: [LoggedEntry], authors: [Author]) -> [String] {
    var findings: [String] = []
    for (before, after) in zip(entries, entries.dropFirst()) where after.sequence <= before.sequence {
      findings.append("sequence \(after.sequence) follows \(before.sequence)")
    }
    let expected = authors.map(\.history.count).reduce(0, +)
    if entries.count != expected { findings.append("\(entries.count) entries for \(expected) changes") }
    for author in authors {
      let own = entries.map(\.change).filter { author.owns($0.id) }
      guard own != author.history else { continue }
      let index = zip(own, author.history).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      findings.append(
        "author \(author.number): \(own.count) entries for \(author.history.count) changes, first difference at "
          + "\(index.map(String.init) ?? "the end")")
    }
    findings += sense(of: entries)
    return findings
  }

  /// Per object: created before it is updated or deleted, and times that never go back.
  private static func sense(of entries: [LoggedEntry]) -> [String] {
    var findings: [String] = []
    var last: [String: LoggedEntry] = [:]
    for entry in entries {
      let before = last.updateValue(entry, forKey: entry.change.id)
      let isThere = before.map { $0.change.operation != .delete } ?? false
      if isThere == (entry.change.operation == .create) {
        findings.append("\(entry.change.operation) of \(entry.change.id) at \(entry.sequence) makes no sense")
      }
      if let before, before.updatedAt > entry.updatedAt {
        findings.append("\(entry.change.id) goes back in time at \(entry.sequence)")
      }
    }
    return findings
  }
}
