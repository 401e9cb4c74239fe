import Deployments
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
    respond(SignInPage(.signIn, to: route, canSignIn: visit.cookies != nil))
  }

  private var noCookies: Response { respond(SignInPage(.signIn, to: nil, canSignIn: false), status: 403) }

  func signIn(_ form: PostForm) async throws -> Response {
    guard let cookies = visit.cookies else { return noCookies }
    do {
      let signedIn = try await people.signIn(
        email: form["email"], Proof(password: form["password"], code: form["code"]), from: visit.browser)
      return seeOther(signedIn, returnRoute(form["to"]), cookies)
    } catch let fault as PeopleFault {
      var shown = Form(SignInPage.fields(.signIn), from: form)
      shown.take(fault)
      return respond(SignInPage(.signIn, shown), fault)
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
    respond(SignInPage(try elevation, to: route, ticket: visit.ticket(.elevate(to: nil))))
  }

  private var elevation: SignInPage.Purpose {
    get throws(PageFault) {
      let person = try visitor.person
      return .elevate(email: person.email, hasFactor: person.factor != nil)
    }
  }

  func elevate(_ form: PostForm) async throws -> Response {
    let visitor = try visitor
    do {
      let token =
        form["act"] == "give-up"
        ? try await people.giveUpElevation(visitor, from: visit.browser)
        : try await people.elevate(
          visitor, Proof(password: form["password"], code: form["code"]), from: visit.browser)
      var response = DataBrowserHandler.seeOther(returnRoute(form["to"]) ?? .deployments)
      if let cookies = visit.cookies { response.headers.append(cookies.setting(.session, to: token)) }
      return response
    } catch let fault as PeopleFault {
      let hasFactor = visitor.person.factor != nil
      var shown = Form(SignInPage.fields(try elevation), from: form)
      if case .wrong = fault {
        // Here nobody asks whose account it is.
        shown.fault = hasFactor ? "The password or the code is wrong." : "The password is wrong."
      } else {
        shown.take(fault)
      }
      return respond(SignInPage(try elevation, shown, ticket: visit.ticket(.elevate(to: nil))), fault)
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
    case .allowed:
      switch route {
      case .edit, .new: return try await inDeployment(of: route).held(route, PostForm(pairs), number)
      case .restore: return try await inDeployment(of: route).heldRestore(route, PostForm(pairs), number)
      default: break
      }
      let form = PostForm(pairs)
      let ticket = people.ticket(
        for: route.address.path, visitor, nonce: Ticket.nonce(in: form[PostForm.ticket]))
      return respond(HeldPage(route: route, fields: form.fields, number: number, ticket: ticket))
    case .signIn, .enrolFactor, .forbidden, .unknown: throw PageFault.notFound()
    }
  }

  // MARK: Links.

  func joinPage(_ code: String) async throws -> Response {
    do {
      let link = try await people.link(code)
      let act = try await act(of: link)
      return respond(JoinPage(code: code, act, Form(act.fields, values: ["name": link.name])))
    } catch let fault as PeopleFault {
      throw PageFault(link: fault)
    }
  }

  private func act(of link: LinkRecord) async throws -> JoinPage.Act {
    switch link.kind {
    case .first: return .first
    case .join:
      guard try await people.store.person(email: link.email) != nil else {
        return .join(email: link.email, rights: rights(of: link), inviter: try await inviter(of: link))
      }
      guard let visitor = visit.visitor else { throw PeopleFault.link(.signIn) }
      guard PersonRecord.key(ofEmail: visitor.person.email) == PersonRecord.key(ofEmail: link.email) else {
        throw PeopleFault.link(.somebodyElse)
      }
      return .accept(email: link.email, ticket: visit.ticket(visit.route))
    case .resetPassword, .resetFactor, .resetBoth:
      var hasFactor = false
      if let id = link.person { hasFactor = try await people.store.person(id)?.factor != nil }
      return .reset(link.kind, email: link.email, hasFactor: hasFactor)
    }
  }

  /// Whoever made an invitation; nil for a command.
  private func inviter(of link: LinkRecord) async throws -> String? {
    guard let maker = link.madeBy else { return nil }
    return try await people.names(of: [maker])[maker]
  }

  /// What an invitation makes of somebody: `viewer of Flights`.
  private func rights(of link: LinkRecord) -> String {
    let registry = handler.services.deployments
    let roles = link.grants.map { grant in
      let deployment = try? registry.deployment(grant.deployment)
      return "\(grant.words) of \(deployment.map { DeploymentCard($0).label } ?? grant.deployment)"
    }
    let all = (link.makesOperator ? ["an operator of this server, with all its deployments"] : []) + roles
    return all.isEmpty ? "somebody without a role yet" : all.joined(separator: "; ")
  }

  func join(_ code: String, _ form: PostForm) async throws -> Response {
    do {
      let act = try await act(of: try await people.link(code))
      do {
        return try await join(code, form, act)
      } catch let fault as PeopleFault {
        if case .link = fault { throw fault }
        var shown = Form(act.fields, from: form)
        shown.take(fault)
        return respond(JoinPage(code: code, act, shown), fault)
      }
    } catch let fault as PeopleFault {
      throw PageFault(link: fault)
    }
  }

  private func join(_ code: String, _ form: PostForm, _ act: JoinPage.Act) async throws -> Response {
    switch act {
    case .first, .join:
      guard let cookies = visit.cookies else { return noCookies }
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
    handler.note(fault, visit.head)
    return DataBrowserHandler.response(
      page, in: plainFrame(), status: fault.status, retryAfter: fault.retrySeconds)
  }
}

extension PeopleFault {
  var status: Int {
    switch self {
    case .slow: 429
    case .busy, .unaudited: 503
    case .changed: 409
    case .wrong, .invalid, .link, .refused: 422
    }
  }
}

extension PageFault {
  /// Of a link that does nothing.
  init(link fault: PeopleFault) {
    guard case .link = fault else {
      self.init(fault)
      return
    }
    self.init(
      404, "This link does nothing", fault.sentence, ways: [Crumb("Sign in", .signIn(to: nil))])
  }
}
