import Crypto
import People
import Storage
import Wire

// People and the audit.

extension Administration {
  /// Who is behind a command nobody knows but the system that it was given on.
  static let console = Browser(address: People.commandAddress)

  func perform(_ command: PeopleCommand) async throws -> AdminResult {
    switch command {
    case .createPerson(let new): return .person(try await create(new))
    case .listPeople:
      return .people(
        PeopleRows(
          people: try await people.all().map(PersonRow.init),
          invitations: try await people.openLinks().map(InvitationRow.init)))
    case .resetPerson(let reset): return .reset(try await self.reset(reset))
    case .removePerson(let name):
      try await people.remove(try await people.person(name), by: nil, from: Self.console)
      return .deleted
    case .verifyAudit(let known): return .audit(try await verifyAudit(knowing: known))
    }
  }

  private func create(_ new: NewPerson) async throws -> CreatedPerson {
    let invitation = Invitation(email: new.email, name: new.name, makesOperator: new.isOperator)
    var created = CreatedPerson(email: new.email, name: new.name, isOperator: new.isOperator)
    if let password = new.password {
      created.id = try await people.createFirst(invitation, password: password.text, from: Self.console).id.text
    } else {
      let code = try await people.invite(invitation, by: nil, from: Self.console)
      created.link = people.address(of: code)
      created.expiresAt = try await people.link(code).expiresAt
    }
    return created
  }

  private func reset(_ reset: PersonReset) async throws -> ResetLink {
    let person = try await people.person(reset.person)
    let kind: LinkRecord.Kind =
      switch reset.lost {
      case .password: .resetPassword
      case .factor: .resetFactor
      case .both: .resetBoth
      }
    let code = try await people.linkForReset(kind, of: person, by: nil, from: Self.console)
    return ResetLink(
      id: person.id.text, email: person.email, lost: reset.lost, link: people.address(of: code),
      expiresAt: try await people.link(code).expiresAt)
  }

  private func verifyAudit(knowing text: String?) async throws -> AuditFindings {
    var known: [UInt8]?
    if let text {
      guard let hash = Hex.decode(text), hash.count == SHA256.byteCount else {
        throw AdminRefusal("A hash of the audit has 64 lower-case hex digits, which \"\(CutText.cut(text))\" has not.")
      }
      known = hash
    }
    let found = try await people.verifyAudit(knowing: known)
    return AuditFindings(
      count: found.count, first: found.first, last: found.last?.number,
      hash: found.last.map { Hex.encode($0.hash) }, broken: found.broken, known: found.known,
      isUnknown: known != nil && found.known == nil)
  }
}
