import Administration
import Crypto
import JSON

/// What `sojourn fsck` found in one deployment, as JSON and for people.
struct CheckReport {
  let deployment: String
  var findings = AttachmentFindings.blank

  init(deployment: String) { self.deployment = deployment }

  /// What is named one by one, in the order in which it is printed.
  private enum Kind: String, CaseIterable {
    case missing, damaged, orphaned, miscounted, found

    /// What `--repair` does about it.
    var repair: String {
      switch self {
      case .missing: "its attachments show it"
      case .damaged: "removed, its attachments show as missing"
      case .orphaned: "removed"
      case .miscounted: "counted anew"
      case .found: "its attachments can be read again"
      }
    }
  }

  private func names(_ kind: Kind) -> [String] {
    switch kind {
    case .missing: findings.missing.map(\.description)
    case .damaged: findings.damaged.map(\.description)
    case .orphaned: findings.orphaned.map(\.description)
    case .miscounted: findings.miscounted
    case .found: findings.found.map(\.description)
    }
  }

  var isWhole: Bool { findings.missing.isEmpty && findings.damaged.isEmpty && findings.miscounted.isEmpty }

  var json: JSONNode {
    .object(
      [
        ("deployment", .text(deployment)), ("blobs", .integer(Int64(findings.blobs))),
        ("bytes", .integer(findings.bytes)),
      ] + Kind.allCases.map { ($0.rawValue, .array(names($0).map { .text($0) })) }
        + [("orphaned_bytes", .integer(Int64(findings.orphanedBytes)))])
  }

  /// Of each kind; --json has all.
  private static let mostListed = 100

  /// What was found, and what `--repair` did about it.
  func lines(isRepaired: Bool) -> [String] {
    var counts = [
      "\(findings.missing.count) missing", "\(findings.damaged.count) damaged",
      "\(findings.orphaned.count) orphaned (\(findings.orphanedBytes) bytes)",
      "\(findings.miscounted.count) miscounted",
    ]
    if !findings.found.isEmpty { counts.append("\(findings.found.count) found again") }
    var lines = [
      "\(deployment): \(findings.blobs) blobs, \(findings.bytes) bytes: \(counts.joined(separator: ", "))"
    ]
    for kind in Kind.allCases {
      let names = names(kind)
      let done = isRepaired ? ": \(kind.repair)" : ""
      lines += names.prefix(Self.mostListed).map { "  \(kind.rawValue) \($0)\(done)" }
      if names.count > Self.mostListed {
        lines.append("  and \(names.count - Self.mostListed) more \(kind.rawValue)\(done)")
      }
    }
    return lines
  }
}
