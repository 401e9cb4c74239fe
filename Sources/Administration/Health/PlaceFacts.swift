import JSON
import Wire

/// What is known of a data directory and of the process that has it, beside its deployments.
package struct PlaceFacts: Sendable, Equatable, JSONRecord {
  /// Who tells it.
  package enum Source: String, CaseIterable, Sendable {
    /// A server that runs.
    case server
    /// The command itself, which took the directory.
    case files
  }

  package var version = ""
  package var directory = ""
  package var source = Source.files
  /// What `/health/ready` says, where the server is not ready or not whole.
  package var complaint: String?
  package var disk: DiskSpace?
  /// The one that clients are shown; nil where there is none.
  package var certificate: ShownCertificate?
  /// Nil where none is known.
  package var lastBackup: LastBackup?
  /// Nil where nobody serves.
  package var files: FileLimitFacts?

  package init() {}

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("version", &version, .text)
    try members.member("data_directory", &directory, .text)
    try members.member("source", &source, .word)
    try members.member("complaint", &complaint, .optional(.text))
    try members.member("disk", &disk, .optional(.record))
    try members.member("certificate", &certificate, .optional(.record))
    try members.member("last_backup", &lastBackup, .optional(.record))
    try members.member("files", &files, .optional(.record))
  }
}

/// The certificate that clients are shown.
package struct ShownCertificate: Sendable, Equatable, JSONRecord {
  package var path = ""
  /// Whether the server made it.
  package var isOwn = false
  package var endsAt: Instant?
  /// Why it cannot be used.
  package var problem: String?

  package init(path: String = "", isOwn: Bool = false, endsAt: Instant? = nil, problem: String? = nil) {
    (self.path, self.isOwn, self.endsAt, self.problem) = (path, isOwn, endsAt, problem)
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("path", &path, .text)
    try members.member("own", &isOwn, .flag)
    try members.member("ends_at", &endsAt, .optional(.time))
    try members.member("problem", &problem, .optional(.text))
  }
}

/// The last backup that was whole.
package struct LastBackup: Sendable, Equatable, JSONRecord {
  package var madeAt = Instant.first
  /// Where it was written to.
  package var directory = ""

  package init(madeAt: Instant = .first, directory: String = "") {
    (self.madeAt, self.directory) = (madeAt, directory)
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("made_at", &madeAt, .time)
    try members.member("directory", &directory, .text)
  }
}

/// How many files the server may have open.
package struct FileLimitFacts: Sendable, Equatable, JSONRecord {
  /// What the administrator of the machine allows.
  package var limit = 0
  /// What all deployments and connections may need at once.
  package var wanted = 0
  package var open: Int?

  package init(limit: Int = 0, wanted: Int = 0, open: Int? = nil) {
    (self.limit, self.wanted, self.open) = (limit, wanted, open)
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("limit", &limit, .count)
    try members.member("wanted", &wanted, .count)
    try members.member("open", &open, .optional(.count))
  }
}

extension PlaceFacts { package static var blank: PlaceFacts { PlaceFacts() } }
extension ShownCertificate { package static var blank: ShownCertificate { ShownCertificate() } }
extension LastBackup { package static var blank: LastBackup { LastBackup() } }
extension FileLimitFacts { package static var blank: FileLimitFacts { FileLimitFacts() } }
