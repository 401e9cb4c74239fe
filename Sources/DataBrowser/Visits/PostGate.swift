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
    let head = visit.head
    guard
      PostOrigin.isOurs(
        site: head.headers["sec-fetch-site"], origin: head.headers["origin"], own: visit.origin)
    else { throw PageFault.badTicket }
    let form = try PostForm(body)
    guard visit.route.kind.hasTicket else { return .taken(form) }
    let ticket: Ticket
    do {
      ticket = try people.ticket(form[PostForm.ticket], for: visit.route.address.path)
    } catch {
      throw PageFault.badTicket
    }
    switch ticket.fate(for: visit.visitor) {
    case .refused: throw PageFault.badTicket
    case .held:
      // Whoever is nobody already has signed out.
      if visit.route == .signOut, visit.visitor == nil { return .elsewhere(.signIn(to: nil)) }
      // What a visitor asks was counted before; here it is a ticket alone that says whose form is to be kept.
      if visit.visitor == nil, let seconds = wait(ticket.person) { throw PageFault.tooMany(retryAfter: seconds) }
      return try await held(body, of: ticket.person)
    case .taken: break
    }
    guard let visitor = visit.visitor else { throw PageFault.badTicket }
    switch visitor.may(visit.route.kind.need, in: visit.route.deployment) {
    case .allowed: return .taken(form.taking(ticket.nonce))
    case .elevate: return try await held(body, of: ticket.person)
    case .signIn: return .elsewhere(.signIn(to: nil))
    case .enrolFactor: return .elsewhere(.factor)
    case .forbidden(let right): throw PageFault.forbidden(right)
    case .unknown: throw PageFault.notFound()
    }
  }

  /// Kept as it came, so that it is as long as it was. A form with a password is never kept: it must be typed again.
  private func held(_ body: RequestBody, of person: PersonID) async throws -> Outcome {
    guard !visit.route.kind.hasPassword else { return .elsewhere(wayBack(to: visit.route)) }
    let number = try await people.hold(Array(body.bytes), sentTo: visit.route.address.text, for: person)
    return .elsewhere(wayBack(to: .held(number)))
  }

  /// Whoever is signed in goes on at once; the page asks for elevation where it must.
  private func wayBack(to route: Route) -> Route { visit.visitor == nil ? .signIn(to: route) : route }
}
