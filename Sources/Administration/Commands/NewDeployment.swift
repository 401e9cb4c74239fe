import JSON
import Storage

/// A deployment to be made.
package struct NewDeployment: Sendable, Equatable, JSONRecord {
  package var name = ""
  package var environment = ""
  /// Its schema.xml.
  package var document = ""
  package var id: String?
  package var appID: String?
  package var person: Person?

  package init() {}
  package static var blank: NewDeployment { NewDeployment() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("name", &name, .text)
    try members.member("environment", &environment, .text)
    try members.member("id", &id, .optional(.text))
    try members.member("app_id", &appID, .optional(.text))
    try members.person(&person)
    try members.member("data_model", &document, .document)
  }
}

extension JSONMemberVisitor {
  /// Who deploys; nil where neither a name nor an address is given.
  mutating func person(_ person: inout Person?) throws(JSONMismatch) {
    var name = person?.name
    var email = person?.email
    try member("by_name", &name, .optional(.text))
    try member("by_email", &email, .optional(.text))
    person = Person(unlessEmpty: name, email)
  }
}

extension Person {
  /// Nil where neither is given.
  package init?(unlessEmpty name: String?, _ email: String?) {
    if name == nil, email == nil { return nil }
    self.init(name: name, email: email)
  }
}

extension JSONForm where Value == String {
  /// A schema.xml: a little more than its reader takes, so that it can say that there is too much.
  static var document: JSONForm { text(most: 24 << 20) }
}

extension JSONForm where Value == Int {
  static var deployVersion: JSONForm { integer(1...Int(Int32.max)) }
}
