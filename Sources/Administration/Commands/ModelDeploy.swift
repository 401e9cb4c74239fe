import JSON
import Storage

/// A data model to be made current.
package struct ModelDeploy: Sendable, Equatable, JSONRecord {
  /// Its schema.xml.
  package var document = ""
  package var person: Person?
  /// What whoever deploys says of it.
  package var note: String?

  init() {}
  package static var blank: ModelDeploy { ModelDeploy() }

  package init(document: String, person: Person?, note: String? = nil) {
    self.document = document
    self.person = person
    self.note = note
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.person(&person)
    try members.member("note", &note, .optional(.text))
    try members.member("data_model", &document, .document)
  }
}

/// The data model of an earlier deploy, to be made current again.
package struct ModelRollback: Sendable, Equatable, JSONRecord {
  package var version = 1
  package var person: Person?
  package var note: String?

  init() {}
  package static var blank: ModelRollback { ModelRollback() }

  package init(version: Int, person: Person?, note: String? = nil) {
    self.version = version
    self.person = person
    self.note = note
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("version", &version, .deployVersion)
    try members.person(&person)
    try members.member("note", &note, .optional(.text))
  }
}
