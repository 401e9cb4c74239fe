import HTTPServer
import People
import Storage
import Web
import Wire

/// What a POST must pass before anything is done: it comes from a page of ours, it carries a good ticket, its person is
/// signed in and may. One whose session or elevation has ended is held for its person, and nothing typed is lost.
struct PostGate: Sendable {
  let people: People
  let visit: Visit
  /// In how many seconds a person may ask again; nil where it is now.
  let wait: @Sendable (PersonID) -> Int?

  enum Outcome: Sendable {
    /// The form can be done.
    case taken(PostForm)
    /// It is held, or must wait: go there first.
    case elsewhere(Route)
  }

  /// - Throws: `PageFault` where it must not be done, `StorageError`.
  func admit(_ body: RequestBody) async throws -> Outcome {
    try checkOrigin()
    let form = try PostForm(body, most: visit.route.kind.mostFormBytes)
    guard visit.route.kind.hasTicket else { return .taken(form) }
    let ticket = try ticket(form[PostForm.ticket])
    switch ticket.fate(for: visit.visitor) {
    case .refused: throw PageFault.badTicket
    case .held:
      // Whoever is nobody already has signed out.
      if visit.route == .signOut, visit.visitor == nil { return .elsewhere(.signIn(to: nil)) }
      // What a visitor asks was counted before; here it is a ticket alone that says whose form is to be kept.
      if visit.visitor == nil, let seconds = wait(ticket.person) { throw PageFault.tooMany(retryAfter: seconds) }
      return try await held(body, ticket)
    case .taken: break
    }
    guard let visitor = visit.visitor else { throw PageFault.badTicket }
    switch visitor.may(visit.route.kind.need, in: visit.route.deployment) {
    case .allowed: return .taken(form.taking(ticket.nonce))
    case .elevate: return try await held(body, ticket)
    case .signIn: return .elsewhere(.signIn(to: nil))
    case .enrolFactor: return .elsewhere(.factor)
    case .forbidden(let right): throw PageFault.forbidden(right)
    case .unknown: throw PageFault.notFound()
    }
  }

  private func checkOrigin() throws(PageFault) {
    let headers = visit.head.headers
    guard PostOrigin.isOurs(site: headers["sec-fetch-site"], origin: headers["origin"], own: visit.origin) else {
      throw .badTicket
    }
  }

  private func ticket(_ text: String) throws(PageFault) -> Ticket {
    do throws(Ticket.Problem) { return try people.ticket(text, for: visit.route.address.path) } catch {
      throw .badTicket
    }
  }

  /// Whether a form with this ticket would be taken, while it is still coming; false where it is to be held.
  /// - Throws: `PageFault` where it is refused whatever else it says.
  func isTaken(_ text: String) throws -> Bool {
    try checkOrigin()
    switch try ticket(text).fate(for: visit.visitor) {
    case .refused: throw PageFault.badTicket
    case .held: return false
    case .taken: break
    }
    switch visit.visitor?.may(visit.route.kind.need, in: visit.route.deployment) {
    case .allowed: return true
    case .forbidden(let right): throw PageFault.forbidden(right)
    case .unknown: throw PageFault.notFound()
    case .elevate, .signIn, .enrolFactor, nil: return false
    }
  }

  /// Kept as it came, so that it is as long as it was. A form with a password is never kept: it must be typed again. One
  /// that was done before leads where it led then.
  private func held(_ body: RequestBody, _ ticket: Ticket) async throws -> Outcome {
    if let outcome = try await people.outcome(of: ticket.nonce) {
      return .elsewhere(wayBack(to: Route(address: outcome, origin: visit.origin) ?? .deployments))
    }
    let form = try PostForm(body, most: visit.route.kind.mostFormBytes)
    // A question whether a form would be taken has nothing in it to be kept.
    guard !visit.route.kind.hasPassword, !form.hasPassword, !form.isQuestion else {
      return .elsewhere(wayBack(to: visit.route))
    }
    let number = try await people.hold(Array(body.bytes), sentTo: visit.route.address.text, for: ticket.person)
    return .elsewhere(wayBack(to: .held(number)))
  }

  /// Whoever is signed in goes on at once; the page asks for elevation where it must.
  private func wayBack(to route: Route) -> Route { visit.visitor == nil ? .signIn(to: route) : route }
}
