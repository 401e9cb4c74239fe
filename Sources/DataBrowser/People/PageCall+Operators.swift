import Administration
import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// People of the whole server, and its deployments: for operators.

extension PageCall {
  private var ownRoute: Route { .operators() }

  func operators(_ text: String, _ form: PostForm?) async throws -> Response {
    guard let form else { return try await operatorsPage(text) }
    guard let act = PeopleAct(rawValue: form[PeopleAct.act]) else { throw PageFault.unreadableForm }
    return try await once(form) { try await perform(act, form) }
  }

  private func perform(_ act: PeopleAct, _ form: PostForm) async throws -> Once {
    switch act {
    case .invite:
      let wrong = try await invite(form, InvitationForm.ofServer) { $0.makesOperator = true }
      if let wrong { return .refused(try await operatorsPage(invitation: wrong)) }
      return .done(ownRoute)
    case .withdraw: return try await withdraw(form, then: ownRoute) { _ in true }
    case .sessions: return try await endSessions(of: try await person(of: form, ownRoute), then: ownRoute)
    case .reset: return try await makeResetLink(for: try await person(of: form, ownRoute), form, then: ownRoute)
    case .rights: return try await changeRights(form)
    case .remove: return try await remove(form)
    case .create: return try await createDeployment(form)
    case .delete: return try await deleteDeployment(form)
    case .roles, .leave: throw PageFault.unreadableForm
    }
  }

  // MARK: What is shown.

  /// What a form that was refused shows of itself.
  private struct Refusal {
    var person: PersonFault?
    var deployment: (id: String, sentence: String)?
  }

  private func operatorsPage(
    _ text: String = "", invitation: Form? = nil, newDeployment: Form? = nil, refusal: Refusal = Refusal()
  ) async throws -> Response {
    let everybody = try await people.all()
    let operators = everybody.filter(\.isOperator)
    let (all, labels) = deploymentEntries(refusal)
    let sought = CaseFolding.folded(text)
    let found = all.filter {
      sought.isEmpty || $0.fault != nil || $0.card.id.contains(sought)
        || CaseFolding.folded($0.card.label).contains(sought)
    }
    let shown = OperatorsPage(
      list: try await list(everybody, text, ownRoute, fault: refusal.person),
      links: try await links(among: everybody, ownRoute) { _ in true },
      lastOperator: operators.count == 1 ? operators[0].id : nil,
      deployments: Array(found.prefix(PersonList.most)),
      furtherDeployments: max(found.count - PersonList.most, 0), labels: labels,
      invitation: invitation ?? InvitationForm.ofServer,
      newDeployment: handler.services.administration == nil ? nil : newDeployment ?? NewDeploymentForm.empty,
      invitationTicket: visit.ticket(ownRoute), deploymentTicket: visit.ticket(ownRoute))
    return respond(shown, status: shown.isGood ? 200 : 422)
  }

  /// Those that the refused form was about come first.
  private func deploymentEntries(
    _ refusal: Refusal
  ) -> (entries: [OperatorsPage.DeploymentEntry], labels: [String: String]) {
    let registry = handler.services.deployments
    func entry(_ card: DeploymentCard, _ createdAt: Instant, isUsable: Bool) -> OperatorsPage.DeploymentEntry {
      OperatorsPage.DeploymentEntry(
        card: card, createdAt: createdAt, isUsable: isUsable, ticket: visit.ticket(ownRoute),
        fault: card.id == refusal.deployment?.id ? refusal.deployment?.sentence : nil)
    }
    let all =
      registry.all.map { entry(DeploymentCard($0), $0.record.createdAt, isUsable: true) }
      + registry.allUnusable.map { entry(DeploymentCard($0), $0.record.createdAt, isUsable: false) }
    let labels = Dictionary(all.map { ($0.card.id, $0.card.label) }, uniquingKeysWith: { first, _ in first })
    return (all.filter { $0.fault != nil } + all.filter { $0.fault == nil }, labels)
  }

  // MARK: People.

  private func changeRights(_ form: PostForm) async throws -> Once {
    let person = try await person(of: form, ownRoute)
    let rights = People.ServerRights(
      isOperator: form[PeopleAct.isOperator] == "true", seesSensitive: form[PeopleAct.sensitive] == "true")
    let before = People.ServerRights(written: form[PeopleAct.before])
    return try await refusable(person) {
      try await people.set(rights, of: person, seen: before, by: try visitor.person.id, from: visit.browser)
      return try person.id == visitor.person.id && !rights.isOperator ? .deployments : ownRoute
    }
  }

  private func remove(_ form: PostForm) async throws -> Once {
    let person = try await person(of: form, ownRoute)
    return try await refusable(person) {
      try await people.remove(person, by: try visitor.person.id, from: visit.browser)
      return ownRoute
    }
  }

  /// Changes somebody and leads on; what cannot be stands on the page, beside whom it is about.
  private func refusable(_ person: PersonRecord, _ change: () async throws -> Route) async throws -> Once {
    do {
      return .done(try await change())
    } catch PeopleFault.refused(let sentence) {
      return .refused(
        try await operatorsPage(refusal: Refusal(person: PersonFault(person: person.id, sentence: sentence))))
    }
  }

  // MARK: Deployments, by the commands that the command line has.

  private func administration() throws(PageFault) -> Administration {
    guard let administration = handler.services.administration else {
      throw PageFault(
        422, "This cannot be done", "This server makes and deletes deployments by commands alone.",
        next: "`sojourn deployment create` and `delete` do it on the server.", ways: [Crumb("Operators", ownRoute)])
    }
    return administration
  }

  private func createDeployment(_ sent: PostForm) async throws -> Once {
    let administration = try administration()
    var form = NewDeploymentForm.empty
    guard let container = try? FormContainer(sent.pairs) else { throw PageFault.unreadableForm }
    form.read(container)
    guard form.isGood else { return .refused(try await operatorsPage(newDeployment: form)) }
    let person = try visitor.person
    var new = NewDeployment()
    new.name = form[NewDeploymentForm.name]
    new.environment = form[NewDeploymentForm.environment]
    new.document = form[NewDeploymentForm.model]
    new.person = Person(name: person.name, email: person.email)
    do {
      let result = try await audited(.deployment, "create \(new.name)", in: nil) {
        try await administration.perform(.createDeployment(new))
      }
      guard case .created(let made) = result else { throw PageFault.unexpected }
      try await keep(made.password, on: DeploymentCall.shown(passwordOf: made.id), "The deployment was made")
      return .done(.manageAPI(made.id))
    } catch let refusal as AdminRefusal {
      form.fault = refusal.text
      return .refused(try await operatorsPage(newDeployment: form))
    }
  }

  private func deleteDeployment(_ sent: PostForm) async throws -> Once {
    let administration = try administration()
    let id = sent[PeopleAct.deployment]
    let typed = sent[PeopleAct.confirm].filter { !$0.isWhitespace }
    guard handler.services.deployments.isRegistered(id) else {
      throw PageFault.notFound("There is no such deployment, or not any more.", ways: [Crumb("Operators", ownRoute)])
    }
    guard typed == id else {
      let sentence = "Nothing was deleted: the id of the deployment is \(id), and another text was typed."
      return .refused(try await operatorsPage(refusal: Refusal(deployment: (id, sentence))))
    }
    do {
      _ = try await audited(.deployment, "delete \(id)", in: id) {
        try await administration.perform(.deployment(id: id, .deleteDeployment))
      }
      return .done(ownRoute)
    } catch let refusal as AdminRefusal {
      return .refused(try await operatorsPage(refusal: Refusal(deployment: (id, refusal.text))))
    }
  }
}
