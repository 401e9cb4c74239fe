import Crypto
import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// What the pages of administrators and of operators have in common: finding people, their links, ending sessions.

extension PageCall {
  var authority: Authority { get throws(PageFault) { Authority(of: try visitor.person) } }

  private static func back(to route: Route) -> Crumb { Crumb("People", route) }

  // MARK: What is shown.

  /// Those of `all` who have the text in name or address, by name, with what the visitor may do about them.
  func list(
    _ all: [PersonRecord], _ text: String, _ route: Route, fault: PersonFault? = nil
  ) async throws -> PersonList {
    let sought = CaseFolding.folded(text)
    let keyed = all.map { (person: $0, key: CaseFolding.folded($0.name)) }
    var found = keyed.filter {
      sought.isEmpty || $0.key.contains(sought) || PersonRecord.key(ofEmail: $0.person.email).contains(sought)
    }
    found.sort { ($0.key, $0.person.id.text) < ($1.key, $1.person.id.text) }
    // Whoever a form was about stands on the page that says what was wrong with it.
    if let index = found.firstIndex(where: { $0.person.id == fault?.person }), index >= PersonList.most {
      found.swapAt(index, 0)
    }
    let authority = try authority
    var entries: [PersonEntry] = []
    for (person, _) in found.prefix(PersonList.most) {
      let canEnd = authority.problem(endingSessionsOf: person) == nil
      entries.append(
        PersonEntry(
          person: person, sessions: canEnd ? try await people.sessions(of: person.id).count : nil,
          resetProblem: authority.problem(resetting: person), tickets: .init { visit.ticket(route) },
          fault: person.id == fault?.person ? fault?.sentence : nil))
    }
    return PersonList(people: entries, total: all.count, found: found.count, text: text)
  }

  /// Links that `isOurs` takes, the newest first, with those that this session has just made.
  func links(
    among everybody: [PersonRecord], _ route: Route, _ isOurs: (LinkRecord) -> Bool
  ) async throws -> [LinkEntry] {
    let visitor = try visitor
    let authority = try authority
    let byID = Dictionary(everybody.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var entries: [LinkEntry] = []
    for record in try await people.openLinks().filter(isOurs).prefix(PersonList.most) {
      var entry = LinkEntry(record: record, maker: record.madeBy.map { byID[$0]?.name ?? "somebody" })
      let age = visit.now.secondsSince1970 - record.madeAt.secondsSince1970
      if record.madeBy == visitor.person.id, age <= PeopleSettings.shownSeconds {
        entry.address = try await people.shown(on: Self.shown(record.hash), to: visitor)?.secret
      }
      if authority.withdraws(record, of: record.person.flatMap { byID[$0] }) { entry.ticket = visit.ticket(route) }
      entries.append(entry)
    }
    return entries
  }

  private static func shown(_ hash: [UInt8]) -> String { "link \(Hex.encode(hash))" }

  /// Keeps a link that was just made for the page that shows it.
  private func show(_ code: String) async throws {
    try await keep(people.address(of: code), on: Self.shown(SHA256.hash(code)), "The link was made")
  }

  // MARK: Acts.

  /// The person whom a form is about, who can sign in.
  func person(of form: PostForm, _ route: Route) async throws -> PersonRecord {
    guard let id = PersonID(form[PeopleAct.person]), let person = try await people.store.person(id), !person.isRemoved
    else { throw PageFault.notFound("There is nobody like that, or not any more.", ways: [Self.back(to: route)]) }
    return person
  }

  /// Reads an invitation and makes its link.
  /// - Returns: the form with what is wrong, or nil where the link is made.
  func invite(_ sent: PostForm, _ questions: Form, _ rights: (inout Invitation) -> Void) async throws -> Form? {
    var form = questions
    guard let container = try? FormContainer(sent.pairs) else { throw PageFault.unreadableForm }
    form.read(container)
    var invitation = Invitation(email: form[InvitationForm.email], name: form[InvitationForm.name])
    rights(&invitation)
    if !invitation.makesOperator, invitation.grants.allSatisfy(\.roles.isEmpty) {
      form.refuse(Role.viewer.rawValue, "Choose at least one role.")
    }
    if let problem = PersonRule.problem(withEmail: invitation.email) { form.refuse(InvitationForm.email, problem) }
    if let problem = PersonRule.problem(withName: invitation.name) { form.refuse(InvitationForm.name, problem) }
    guard form.isGood else { return form }
    do {
      try await show(try await people.invite(invitation, by: try visitor.person.id, from: visit.browser))
      return nil
    } catch let fault as PeopleFault {
      guard case .invalid = fault else { throw fault }
      form.take(fault)
      return form
    }
  }

  func endSessions(of person: PersonRecord, then route: Route) async throws -> Once {
    if let problem = try authority.problem(endingSessionsOf: person) {
      throw PageFault.notYours(problem, Self.back(to: route))
    }
    try await people.endSessions(
      of: person, in: route.deployment, by: try visitor.person.id, from: visit.browser)
    return .done(route)
  }

  func makeResetLink(for person: PersonRecord, _ form: PostForm, then route: Route) async throws -> Once {
    if let problem = try authority.problem(resetting: person) {
      throw PageFault.notYours(problem, Self.back(to: route))
    }
    guard let kind = LinkRecord.Kind(rawValue: form[PeopleAct.lost]), kind != .first, kind != .join else {
      throw PageFault.unreadableForm
    }
    try await show(
      try await people.linkForReset(
        kind, of: person, in: route.deployment, by: try visitor.person.id, from: visit.browser))
    return .done(route)
  }

  func withdraw(_ form: PostForm, then route: Route, _ isOurs: (LinkRecord) -> Bool) async throws -> Once {
    let name = form[PeopleAct.link]
    guard let link = try await people.openLinks().first(where: { isOurs($0) && LinkEntry.name(of: $0) == name }) else {
      throw PageFault.notFound("There is no such link, or not any more.", ways: [Self.back(to: route)])
    }
    var person: PersonRecord?
    if let id = link.person { person = try await people.store.person(id) }
    guard try authority.withdraws(link, of: person) else {
      throw PageFault.notYours(
        "Links are taken back by whoever made them, or could make them.", Self.back(to: route))
    }
    try await people.withdraw(link, in: route.deployment, by: try visitor.person.id, from: visit.browser)
    return .done(route)
  }
}

/// What was wrong with a form about somebody.
struct PersonFault: Sendable {
  var person: PersonID
  var sentence: String
}
