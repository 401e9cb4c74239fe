import Crypto
import Storage
import Wire

// What forms carry, what is held of them, and what is shown once.

extension People {
  // MARK: Tickets.

  /// The ticket for a form of this visitor that is sent to `route`. One that was held keeps its nonce, so that it is
  /// done once, together with the page that it was sent from.
  package func ticket(for route: String, _ visitor: Visitor, nonce: [UInt8]? = nil) -> String {
    Ticket(
      person: visitor.person.id, session: visitor.session.id, madeAt: now, nonce: nonce ?? draw(Ticket.nonceBytes)
    ).text(for: route, key: keys.tickets)
  }

  package func ticket(_ text: String, for route: String) throws(Ticket.Problem) -> Ticket {
    try Ticket(text, for: route, key: keys.tickets, at: now)
  }

  // MARK: Forms that are held.

  /// Keeps the fields of a form for its person, and gives the number under which they are found again.
  package func hold(_ fields: [UInt8], sentTo path: String, for person: PersonID) async throws -> Int64 {
    guard fields.count <= PeopleSettings.heldBytes, path.utf8.count <= 8192 else {
      throw PeopleFault.refused(
        "The form has \(fields.count) bytes; more than \(PeopleSettings.heldBytes) cannot be kept while you sign in.")
    }
    guard let owner = try await store.person(person), !owner.isRemoved else {
      throw PeopleFault.refused("This form is of somebody who cannot sign in any more.")
    }
    let form = HeldForm(
      person: person, path: path, sealed: SealedBox.seal(fields, under: keys.held), heldAt: now)
    let done = try await performUnlessChanged(PeoplePlan([.hold(form, most: PeopleSettings.mostHeld)]))
    guard let number = done.numbers.first else { throw StorageError.broken("a held form got no number") }
    return number
  }

  /// The path and the fields of a form that is held; nil where there is none, or not any more.
  package func held(_ number: Int64, of person: PersonID) async throws -> (path: String, fields: [UInt8])? {
    guard let form = try await store.held(number, of: person), form.heldAt >= earlier(by: PeopleSettings.heldSeconds),
      let fields = SealedBox.open(form.sealed, under: keys.held)
    else { return nil }
    return (form.path, fields)
  }

  package func drop(held number: Int64, of person: PersonID) async throws {
    _ = try await perform(PeoplePlan([.drop(held: number, of: person)]))
  }

  // MARK: What is shown once.

  /// A change that lets the session see a secret for ten minutes, on the page of this name.
  func showing(
    _ secret: String, on name: String, to session: SessionID, for seconds: Int64 = PeopleSettings.shownSeconds
  ) -> PeopleChange {
    .show(
      ShownValue(
        session: session, name: name, sealed: SealedBox.seal(Array(secret.utf8), under: keys.shown),
        until: later(by: seconds)))
  }

  package func show(
    _ secret: String, on name: String, to visitor: Visitor, for seconds: Int64 = PeopleSettings.shownSeconds
  ) async throws {
    try await performUnlessChanged(PeoplePlan([showing(secret, on: name, to: visitor.session.id, for: seconds)]))
  }

  /// What this page shows to this session, as often as it asks; nil where there is nothing, or not any more.
  package func shown(on name: String, to visitor: Visitor) async throws -> (secret: String, until: Instant)? {
    guard let value = try await store.shown(name, to: visitor.session.id), value.until > now,
      let secret = SealedBox.open(value.sealed, under: keys.shown)
    else { return nil }
    return (String(decoding: secret, as: UTF8.self), value.until)
  }

  // MARK: POSTs that must not happen twice.

  package enum Claim: Sendable, Equatable {
    /// Go on, and `settle` it.
    case first
    /// It was done, and led here.
    case done(String)
    /// Another one is at it.
    case running
  }

  /// Asks whether a POST with this nonce is the first.
  package func claim(_ nonce: [UInt8]) async throws -> Claim {
    let plan = PeoplePlan([.nonce(NonceRecord(nonce: nonce, at: now))], if: [.freeNonce(nonce)])
    if try await perform(plan) != nil { return .first }
    return try await store.nonce(nonce)?.outcome.map { .done($0) } ?? .running
  }

  /// Where a POST with this nonce led that was done; nil where none was.
  package func outcome(of nonce: [UInt8]) async throws -> String? {
    guard let outcome = try await store.nonce(nonce)?.outcome, !outcome.isEmpty else { return nil }
    return outcome
  }

  /// Says where the first POST led: so is every later one.
  package func settle(_ nonce: [UInt8], _ outcome: String) async throws {
    _ = try await perform(PeoplePlan([.nonce(NonceRecord(nonce: nonce, at: now, outcome: outcome))]))
  }
}
