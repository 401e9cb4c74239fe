import HTTPServer
import People
import Storage
import Web
import Wire

// One's own account.

extension PageCall {
  func account() async throws -> Response {
    let visitor = try visitor
    return respond(
      AccountPage(
        person: visitor.person, sessions: try await people.sessions(of: visitor.person.id).count,
        needsFactor: visitor.session.needsFactor,
        reset: try await people.shown(on: People.Shown.reset, to: visitor)?.secret, ticket: visit.ticket(.look)))
  }

  func look(_ form: PostForm) async throws -> Response {
    let look = PersonRecord.Manner.Look(rawValue: form["look"]) ?? .system
    try await people.set(
      PersonRecord.Manner(look: look, hasShortcuts: form["shortcuts"] == "on"), of: try visitor)
    return DataBrowserHandler.seeOther(.account)
  }

  // MARK: Sessions.

  func sessions() async throws -> Response {
    let visitor = try visitor
    return respond(
      SessionsPage(
        sessions: try await people.sessions(of: visitor.person.id), own: visitor.session.id,
        ticket: visit.ticket(.sessions)))
  }

  func endSession(_ form: PostForm) async throws -> Response {
    try await once(form) {
      if let id = SessionID(form["session"]) { try await people.end(id, of: try visitor, from: visit.browser) }
      return .done(.sessions)
    }
  }

  // MARK: Password.

  func passwordPage() throws -> Response { respond(try emptyPasswordPage) }

  private var emptyPasswordPage: PasswordPage {
    get throws(PageFault) { try PasswordPage(email: visitor.person.email, ticket: visit.ticket(.password)) }
  }

  func changePassword(_ form: PostForm) async throws -> Response {
    try await once(form) {
      do {
        try await people.changePassword(to: form["password"], of: try visitor, from: visit.browser)
        return .done(.account)
      } catch let fault as PeopleFault {
        var page = try emptyPasswordPage
        page.form.take(fault)
        return .refused(respond(page, fault))
      }
    }
  }

  // MARK: Second factor.

  func factorPage(_ fault: PeopleFault? = nil) async throws -> FactorPage {
    let visitor = try visitor
    let secret = try await people.shown(on: People.Shown.factor, to: visitor)?.secret
    var page = FactorPage(
      secret: secret, address: secret.map { people.factorAddress(of: $0, for: visitor.person) } ?? "",
      hasFactor: visitor.person.factor != nil,
      mayRemove: visitor.person.factor != nil && !people.settings.demandsFactor(of: visitor.person),
      ticket: visit.ticket(.factor))
    if let fault { page.form.take(fault) }
    return page
  }

  func changeFactor(_ form: PostForm) async throws -> Response {
    let visitor = try visitor
    return try await once(form) {
      do {
        switch FactorPage.Act(rawValue: form["act"]) {
        case .begin:
          try await people.beginFactor(of: visitor)
          return .done(.factor)
        case .remove:
          try await people.removeFactor(of: visitor, from: visit.browser)
          return .done(.account)
        case .confirm, nil:
          try await people.confirmFactor(form["code"], of: visitor, from: visit.browser)
          return .done(.recovery)
        }
      } catch let fault as PeopleFault {
        return .refused(respond(try await factorPage(fault), fault))
      }
    }
  }

  func recoveryPage() async throws -> Response {
    let visitor = try visitor
    let codes = try await people.shown(on: People.Shown.recovery, to: visitor)?.secret ?? ""
    return respond(
      RecoveryPage(
        codes: codes.split(separator: "\n").map(String.init), left: visitor.person.recoveryHashes.count,
        ticket: visit.ticket(.recovery)))
  }

  /// Twice, codes that somebody has just written down would be good for nothing.
  func renewRecovery(_ form: PostForm) async throws -> Response {
    try await once(form) {
      do {
        try await people.renewRecoveryCodes(of: try visitor, from: visit.browser)
      } catch PeopleFault.refused(let sentence) {
        throw PageFault(422, "There are no recovery codes", sentence, ways: [Crumb("Your account", .account)])
      }
      return .done(.recovery)
    }
  }
}
