import Administration
import Crypto
import JSON
import StoragePostgres

/// What `sojourn fsck` found in one deployment, as JSON and for people.
struct CheckReport {
  let deployment: String
  /// Nil where the data lies in no database.
  var tables: DeploymentCheck.Report?
  /// Of attachments and their bytes; nil where nothing says where they are, or they could not be read.
  var findings: AttachmentFindings?

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

  private static func names(_ kind: Kind, _ findings: AttachmentFindings) -> [String] {
    switch kind {
    case .missing: findings.missing.map(\.description)
    case .damaged: findings.damaged.map(\.description)
    case .orphaned: findings.orphaned.map(\.description)
    case .miscounted: findings.miscounted
    case .found: findings.found.map(\.description)
    }
  }

  var isWhole: Bool { tables?.findings.isEmpty != false && findings?.isWhole != false }

  /// Whether `--repair` would do something.
  var isMendable: Bool { findings.map { !$0.isWhole || !$0.orphaned.isEmpty } ?? false }

  var json: JSONNode {
    var members: [(key: String, value: JSONNode)] = [("deployment", .text(deployment))]
    if let tables { members.append(("tables", Self.json(tables))) }
    if let findings { members += Self.members(findings) }
    return .object(members)
  }

  private static func json(_ tables: DeploymentCheck.Report) -> JSONNode {
    let findings = tables.findings.map { finding -> JSONNode in
      ["part": .text(finding.part.rawValue), "what": .text(finding.sentence)]
    }
    return [
      "models": .integer(Int64(tables.models)), "objects": .integer(tables.objects),
      "entries": .integer(tables.entries), "findings": .array(findings),
    ]
  }

  private static func members(_ findings: AttachmentFindings) -> [(key: String, value: JSONNode)] {
    [("blobs", .integer(Int64(findings.blobs))), ("bytes", .integer(findings.bytes))]
      + Kind.allCases.map { ($0.rawValue, .array(names($0, findings).map { .text($0) })) }
      + [("orphaned_bytes", .integer(Int64(findings.orphanedBytes)))]
  }

  /// Of each kind; --json has all.
  private static let mostListed = 100

  /// What was found, and what `--repair` did about it.
  func lines(isRepaired: Bool) -> [String] {
    guard let findings else {
      return (tables.map(lines) ?? []) + ["\(deployment): the bytes of attachments were not looked at"]
    }
    return (tables.map(lines) ?? []) + lines(findings, isRepaired: isRepaired)
  }

  private func lines(_ tables: DeploymentCheck.Report) -> [String] {
    let size =
      "models: \(tables.models), objects: \(tables.objects), entries of the oplog: \(tables.entries), findings: "
      + "\(tables.findings.count)"
    return ["\(deployment): \(size)"] + tables.findings.map { "  \($0.part.rawValue): \($0.sentence)" }
  }

  private func lines(_ findings: AttachmentFindings, isRepaired: Bool) -> [String] {
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
      let names = Self.names(kind, findings)
      let done = isRepaired ? ": \(kind.repair)" : ""
      lines += names.prefix(Self.mostListed).map { "  \(kind.rawValue) \($0)\(done)" }
      if names.count > Self.mostListed {
        lines.append("  and \(names.count - Self.mostListed) more \(kind.rawValue)\(done)")
      }
    }
    return lines
  }
}

extension AttachmentFindings {
  fileprivate var isWhole: Bool { missing.isEmpty && damaged.isEmpty && miscounted.isEmpty }
}
