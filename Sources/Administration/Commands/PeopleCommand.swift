import JSON

/// What is asked about people and the audit of a server.
package enum PeopleCommand: Sendable, Equatable {
  case createPerson(NewPerson)
  case listPeople
  case resetPerson(PersonReset)
  /// By id or e-mail address.
  case removePerson(named: String)
  case verifyAudit(knownHash: String?)

  package enum Name: String, CaseIterable, Sendable {
    case createPerson, listPeople, resetPerson, removePerson, verifyAudit
  }

  var isAct: Bool {
    switch self {
    case .createPerson, .resetPerson, .removePerson: true
    case .listPeople, .verifyAudit: false
    }
  }

  var name: Name {
    switch self {
    case .createPerson: .createPerson
    case .listPeople: .listPeople
    case .resetPerson: .resetPerson
    case .removePerson: .removePerson
    case .verifyAudit: .verifyAudit
    }
  }

  var payload: JSONNode {
    switch self {
    case .createPerson(let new): new.json
    case .listPeople: .object([])
    case .resetPerson(let reset): reset.json
    case .removePerson(let name): Forms.person.write(name)
    case .verifyAudit(let hash): Forms.known.write(hash)
    }
  }

  init(_ name: Name, _ payload: JSONValue) throws(JSONMismatch) {
    switch name {
    case .createPerson: self = .createPerson(try NewPerson(payload))
    case .listPeople: self = .listPeople
    case .resetPerson: self = .resetPerson(try PersonReset(payload))
    case .removePerson: self = .removePerson(named: try Forms.person.read(payload))
    case .verifyAudit: self = .verifyAudit(knownHash: try Forms.known.read(payload))
    }
  }

  private enum Forms {
    static let person = JSONForm.only("person", .text)
    static let known = JSONForm.only("known", .optional(.text) as JSONForm<String?>)
  }
}

/// Somebody who is to join.
package struct NewPerson: Sendable, Equatable, JSONRecord {
  package var email = ""
  package var name = ""
  package var isOperator = false
  /// Of the first person alone; nil makes a link.
  package var password: Untold?

  init() {}
  package static var blank: NewPerson { NewPerson() }

  package init(email: String, name: String, isOperator: Bool = false, password: String? = nil) {
    self.email = email
    self.name = name
    self.isOperator = isOperator
    self.password = password.map { Untold($0) }
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("email", &email, .text)
    try members.member("name", &name, .text)
    try members.member("operator", &isOperator, .flag)
    try members.member("password", &password, .optional(.untold))
  }
}

/// Who has lost what.
package struct PersonReset: Sendable, Equatable, JSONRecord {
  package enum Lost: String, CaseIterable, Sendable { case password, factor, both }

  /// An id or an e-mail address.
  package var person = ""
  package var lost = Lost.password

  init() {}
  package static var blank: PersonReset { PersonReset() }

  package init(person: String, lost: Lost) {
    self.person = person
    self.lost = lost
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("person", &person, .text)
    try members.member("lost", &lost, .word)
  }
}
