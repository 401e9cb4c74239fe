import JSON
import Storage
import Wire

/// A password that was made anew; it is shown this once.
package struct NewPassword: Sendable, Equatable, JSONRecord {
  /// The deployment's id.
  package var username = ""
  package var password = ""

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("username", &username, .text)
    try members.member("password", &password, .text)
  }
}

/// A token in a list, without its secret.
package struct TokenRow: Sendable, Equatable, JSONRecord {
  package var name = ""
  package var createdAt = Instant.first
  package var lastUsedAt: Instant?
  /// From where.
  package var lastAddress: String?
  package var expiresAt: Instant?
  package var isReadOnly = false

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("name", &name, .text)
    try members.member("created_at", &createdAt, .time)
    try members.member("last_used_at", &lastUsedAt, .optional(.time))
    try members.member("last_address", &lastAddress, .optional(.text))
    try members.member("expires_at", &expiresAt, .optional(.time))
    try members.member("read_only", &isReadOnly, .flag)
  }
}

extension NewPassword { package static var blank: NewPassword { NewPassword() } }

extension TokenRow {
  package static var blank: TokenRow { TokenRow() }

  init(_ token: TokenRecord) {
    self.init(
      name: token.name, createdAt: token.createdAt, lastUsedAt: token.lastUse?.at,
      lastAddress: token.lastUse.flatMap { $0.address.isEmpty ? nil : $0.address }, expiresAt: token.expiresAt,
      isReadOnly: token.isReadOnly)
  }
}
