import Wire

/// Settings of a deployment that are set together, or not at all.
package struct SettingsPlan: Sendable {
  package typealias Assignment = (key: String, value: String?)

  /// A value of nil goes back to the setting's default; of a key that comes twice the last value counts.
  package var assignments: [Assignment]
  /// Each must be what is set when the plan's turn comes, nil where nothing must be, else nothing is done.
  package var conditions: [Assignment]
  /// Kept with each of the keys; nil where nobody knows.
  package var note: SettingNote?
  /// What is entered into the audit with them.
  package var audit: [AuditDraft]

  package init(
    _ assignments: [Assignment], if conditions: [Assignment] = [], by note: SettingNote? = nil,
    audit: [AuditDraft] = []
  ) {
    self.assignments = assignments
    self.conditions = conditions
    self.note = note
    self.audit = audit
  }
}

package enum SettingsOutcome: Sendable, Equatable {
  /// With what was entered into the audit.
  case done([AuditEntry])
  /// A condition did not hold: nothing was set, and nothing entered.
  case refused

  package var isDone: Bool { self != .refused }
}

/// Who set a setting last, or took it back to its default, and when.
package struct SettingNote: Sendable, Equatable {
  package var at: Instant
  /// `person:{id}` as the oplog names people, or `command`.
  package var by: String

  package init(at: Instant, by: String) {
    self.at = at
    self.by = by
  }

  /// Whoever gave a command on the server.
  package static let command = "command"
}
