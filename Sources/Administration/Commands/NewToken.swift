import JSON

/// A named token to be made.
package struct NewToken: Sendable, Equatable, JSONRecord {
  package var name = ""
  package var isReadOnly = false
  /// Nil where it does not end by itself.
  package var validSeconds: Int?

  init() {}
  package static var blank: NewToken { NewToken() }

  package init(name: String, isReadOnly: Bool = false, validSeconds: Int? = nil) {
    self.name = name
    self.isReadOnly = isReadOnly
    self.validSeconds = validSeconds
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("name", &name, .text)
    try members.member("read_only", &isReadOnly, .flag)
    try members.member("expires", &validSeconds, .optional(.count))
  }
}
