import HTTPServer
import People
import Storage
import Web
import Wire

// Signing in and out, elevation, joining, and forms that were held.

extension PageCall {
  var people: People { handler.services.people }

  // MARK: Signing in.

  func signInPage(to route: Route?) -> Response {
    respond(SignInPage(purpose: .signIn, to: route, canSignIn: visit.cookies != nil))
  }

  func signIn(_ form: PostForm) async throws -> Response {
    let to = returnRoute(form["to"])
    guard let cookies = visit.cookies else {
      return respond(SignInPage(purpose: .signIn, canSignIn: false), status: 403)
    }
    do {
      let signedIn = try await people.signIn(
        email: form["email"], Proof(password: form["password"], code: form["code"]), from: visit.browser)
      return seeOther(signedIn, to, cookies)
    } catch let fault as PeopleFault {
      let page = SignInPage(purpose: .signIn, email: form["email"], to: to, problem: AccountProblem(fault))
      return respond(page, fault)
    }
  }

  /// Where to go on, with the cookies of the new session.
  private func seeOther(_ signedIn: SignedIn, _ to: Route?, _ cookies: CookieScope) -> Response {
    var response = DataBrowserHandler.seeOther(signedIn.resetAt == nil ? to ?? .deployments : .account)
    response.headers.append(cookies.setting(.session, to: signedIn.token))
    response.headers.append(cookies.setting(.known, to: signedIn.known, seconds: PeopleSettings.knownSeconds))
    return response
  }

  func signOut() async throws -> Response {
    try await people.signOut(try visitor, from: visit.browser)
    var response = DataBrowserHandler.seeOther(.signIn(to: nil))
    response.headers.append(("Clear-Site-Data", "\"cache\""))
    if let cookies = visit.cookies { response.headers.append(cookies.setting(.session, to: "", seconds: 0)) }
    return response
  }

  // MARK: Elevation.

  func elevatePage(to route: Route?) throws -> Response {
    respond(try elevation(to: route))
  }

  private func elevation(to route: Route?, _ problem: AccountProblem? = nil) throws -> SignInPage {
    SignInPage(
      purpose: .elevate(hasFactor: try visitor.person.factor != nil), to: route, problem: problem,
      ticket: visit.ticket(.elevate(to: nil)))
  }

  func elevate(_ form: PostForm) async throws -> Response {
    let (visitor, to) = (try visitor, returnRoute(form["to"]))
    do {
      let token =
        form["act"] == "give-up"
        ? try await people.giveUpElevation(visitor, from: visit.browser)
        : try await people.elevate(
          visitor, Proof(password: form["password"], code: form["code"]), from: visit.browser)
      var response = DataBrowserHandler.seeOther(to ?? .deployments)
      if let cookies = visit.cookies { response.headers.append(cookies.setting(.session, to: token)) }
      return response
    } catch let fault as PeopleFault {
      return respond(try elevation(to: to, AccountProblem(fault)), fault)
    }
  }

  // MARK: Held forms.

  func heldPage(_ number: Int64) async throws -> Response {
    let visitor = try visitor
    guard let held = try await people.held(number, of: visitor.person.id),
      let route = Route(address: held.path, origin: visit.origin),
      let pairs = try? QueryPairs(utf8: held.fields)
    else { throw PageFault.notFound("This form is not kept any more: an hour has passed, or it was sent already.") }
    switch visitor.may(route.kind.need, in: route.deployment) {
    case .elevate: return DataBrowserHandler.seeOther(.elevate(to: .held(number)))
    case .allowed: return respond(HeldPage(route: route, fields: PostForm(pairs).fields, ticket: visit.ticket(route)))
    case .signIn, .enrolFactor, .forbidden, .unknown: throw PageFault.notFound()
    }
  }

  // MARK: Links.

  func joinPage(_ code: String) async throws -> Response {
    do {
      return respond(JoinPage(code: code, form: try await joinForm(try await people.link(code))))
    } catch let fault as PeopleFault {
      throw PageFault(link: fault)
    }
  }

  private func joinForm(_ link: LinkRecord) async throws -> JoinPage.Form {
    switch link.kind {
    case .first: return .first(email: "")
    case .join:
      guard try await people.store.person(email: link.email) != nil else { return .join(email: link.email) }
      guard let visitor = visit.visitor else { throw PeopleFault.link(.signIn) }
      guard PersonRecord.key(ofEmail: visitor.person.email) == PersonRecord.key(ofEmail: link.email) else {
        throw PeopleFault.link(.somebodyElse)
      }
      return .accept(email: link.email, ticket: visit.ticket(visit.route))
    case .resetPassword, .resetFactor, .resetBoth:
      let person = if let id = link.person { try await people.store.person(id) } else { nil as PersonRecord? }
      return .reset(link.kind, hasFactor: person?.factor != nil)
    }
  }

  func join(_ code: String, _ form: PostForm) async throws -> Response {
    do {
      let link = try await people.link(code)
      let shown = try await joinForm(link)
      do {
        return try await join(code, form, shown)
      } catch let fault as PeopleFault {
        if case .link = fault { throw fault }
        var page = JoinPage(code: code, form: shown, name: form["name"], problem: AccountProblem(fault))
        if case .first = shown { page.form = .first(email: form["email"]) }
        return respond(page, fault)
      }
    } catch let fault as PeopleFault {
      throw PageFault(link: fault)
    }
  }

  private func join(_ code: String, _ form: PostForm, _ shown: JoinPage.Form) async throws -> Response {
    switch shown {
    case .first, .join:
      guard let cookies = visit.cookies else {
        return respond(SignInPage(purpose: .signIn, canSignIn: false), status: 403)
      }
      let joined = JoinForm(email: form["email"], name: form["name"], password: form["password"])
      return seeOther(try await people.join(code, joined, from: visit.browser), .deployments, cookies)
    case .accept:
      let visitor = try visitor
      // The route has no ticket for those who join; whoever is signed in already has one.
      guard let ticket = try? people.ticket(form[PostForm.ticket], for: visit.route.address.path),
        ticket.fate(for: visitor) == .taken
      else { throw PageFault.badTicket }
      try await people.accept(code, as: visitor, from: visit.browser)
      return DataBrowserHandler.seeOther(.deployments)
    case .reset:
      try await people.reset(
        code, ResetForm(password: form["password"], code: form["code"]), from: visit.browser)
      return DataBrowserHandler.seeOther(.signIn(to: nil))
    }
  }

  // MARK: Pieces.

  /// A return address is read as a route and printed from it; what is none leads to the deployments.
  private func returnRoute(_ text: String) -> Route? {
    guard !text.isEmpty, let route = Route(address: text, origin: visit.origin), route.kind.methods != .post else {
      return nil
    }
    return route
  }

  func respond(_ page: some Page, status: Int = 200) -> Response {
    DataBrowserHandler.response(page, in: plainFrame(), status: status)
  }

  /// The form as it was sent, with what is wrong.
  func respond(_ page: some Page, _ fault: PeopleFault) -> Response {
    let status =
      switch fault {
      case .slow: 429
      case .busy: 503
      case .wrong, .invalid, .link, .refused: 422
      }
    return DataBrowserHandler.response(page, in: plainFrame(), status: status, retryAfter: fault.retrySeconds)
  }
}

extension PageFault {
  /// Of a link that does nothing.
  init(link fault: PeopleFault) {
    self.init(
      404, "This link does nothing", fault.sentence, ways: [Crumb("Sign in", .signIn(to: nil))])
  }
}
