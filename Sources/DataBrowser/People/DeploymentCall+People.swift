import HTTPServer
import People
import Storage
import Web
import Wire

// Who has a role in a deployment. Administrators see nobody else.

extension DeploymentCall {
  private var route: Route { .people(id) }

  func managePeople(_ text: String, _ form: PostForm?) async throws -> Response {
    guard let form else { return try await peoplePage(text) }
    guard let act = PeopleAct(rawValue: form[PeopleAct.act]) else { throw PageFault.unreadableForm }
    return try await page.once(form) { try await perform(act, form) }
  }

  private func perform(_ act: PeopleAct, _ form: PostForm) async throws -> PageCall.Once {
    switch act {
    case .invite: return try await invite(form)
    case .withdraw:
      let here = try await members().map(\.id)
      return try await page.withdraw(form, then: route) { isOurs($0, here) }
    case .sessions: return try await page.endSessions(of: try await member(form), then: route)
    case .reset: return try await page.makeResetLink(for: try await member(form), form, then: route)
    case .roles: return try await changeRoles(form)
    case .leave: return try await takeRoles(form)
    case .rights, .remove, .create, .delete: throw PageFault.unreadableForm
    }
  }

  // MARK: What is shown.

  private func peoplePage(
    _ text: String = "", _ invitation: Form? = nil, fault: PersonFault? = nil
  ) async throws -> Response {
    let everybody = try await people.all()
    let members = everybody.filter(isMember)
    let ids = members.map(\.id)
    let givesSensitive = try page.authority.givesSensitive
    let links = try await page.links(among: everybody, route) { isOurs($0, ids) }
    let (_, frame) = try await reading { _ in () }
    let shown = PeoplePage(
      card: DeploymentCard(deployment), list: try await page.list(members, text, route, fault: fault), links: links,
      givesSensitive: givesSensitive, form: invitation ?? InvitationForm.ofDeployment(givesSensitive: givesSensitive),
      ticket: visit.ticket(route))
    return answer(shown, in: frame, status: shown.isGood ? 200 : 422)
  }

  private func isMember(_ person: PersonRecord) -> Bool { !(person.grant(in: id)?.roles.isEmpty ?? true) }

  private func members() async throws -> [PersonRecord] { try await people.all().filter(isMember) }

  /// Invitations to this deployment and nowhere else, and reset links of people who have a role in it, so far as they are
  /// the visitor's to make.
  private func isOurs(_ link: LinkRecord, _ members: [PersonID]) -> Bool {
    if link.kind == .join { return link.grants.map(\.deployment) == [id] && !link.makesOperator }
    guard let person = link.person, members.contains(person) else { return false }
    return link.madeBy == visitor.person.id || visitor.person.isOperator
  }

  // MARK: Acts.

  private func invite(_ sent: PostForm) async throws -> PageCall.Once {
    let grant = RoleGrant(ticked: sent, in: id)
    try refuse(page.authority.problem(giving: grant))
    let questions = InvitationForm.ofDeployment(givesSensitive: try page.authority.givesSensitive)
    let wrong = try await page.invite(sent, questions) { $0.grants = [grant] }
    if let wrong { return .refused(try await peoplePage("", wrong)) }
    return .done(route)
  }

  private func member(_ form: PostForm) async throws -> PersonRecord {
    let person = try await page.person(of: form, route)
    guard isMember(person) else {
      throw PageFault.notFound(
        "This person has no role in this deployment, or not any more.", ways: [Crumb("People", route)])
    }
    return person
  }

  private func changeRoles(_ form: PostForm) async throws -> PageCall.Once {
    let person = try await member(form)
    let before = RoleGrant(written: form[PeopleAct.before], in: id)
    let authority = try page.authority
    let after = RoleGrant(
      ticked: form, in: id, seesSensitive: !authority.givesSensitive && before.seesSensitive)
    try refuse(authority.problem(giving: after, keeping: before))
    if after.roles.isEmpty {
      let fault = PersonFault(
        person: person.id, sentence: "Choose at least one role for \(CutText.cut(person.name)), or take all away.")
      return .refused(try await peoplePage(fault: fault))
    }
    try await people.set(after, of: person, seen: before, by: visitor.person.id, from: visit.browser)
    return .done(next(after: after, of: person))
  }

  private func takeRoles(_ form: PostForm) async throws -> PageCall.Once {
    let person = try await member(form)
    let none = RoleGrant(deployment: id, roles: [])
    let before = RoleGrant(written: form[PeopleAct.before], in: id)
    try refuse(page.authority.problem(giving: none))
    try await people.set(none, of: person, seen: before, by: visitor.person.id, from: visit.browser)
    return .done(next(after: none, of: person))
  }

  /// Whoever has taken the role from themselves does not see this page any more.
  private func next(after grant: RoleGrant, of person: PersonRecord) -> Route {
    let stays = person.id != visitor.person.id || person.isOperator || grant.roles.contains(.administrator)
    return stays ? route : .deployments
  }

  private func refuse(_ problem: String?) throws(PageFault) {
    if let problem { throw .notYours(problem, Crumb("People", route)) }
  }
}
