import Wire

/// One sign-in of a person in one browser.
package struct SessionRecord: Sendable, Equatable {
  package var id: SessionID
  package var person: PersonID
  /// SHA-256 of the token in the browser's cookie.
  package var tokenHash: [UInt8]
  package var startedAt: Instant
  /// Up to a minute behind.
  package var lastUseAt: Instant
  package var elevatedUntil: Instant?
  /// Where it was begun, and by what.
  package var address: String
  package var agent: String
  /// How often it changed but for its last use: changes are compared with it.
  package var revision: Int64

  package init(
    id: SessionID, person: PersonID, tokenHash: [UInt8], startedAt: Instant, address: String = "", agent: String = ""
  ) {
    self.id = id
    self.person = person
    self.tokenHash = tokenHash
    self.startedAt = startedAt
    self.address = address
    self.agent = agent
    lastUseAt = startedAt
    revision = 0
  }
}

/// What a page shows to one session alone, for some minutes: a secret that is kept nowhere else in the clear.
package struct ShownValue: Sendable, Equatable {
  package var session: SessionID
  /// Which page shows it: one value for each name.
  package var name: String
  /// Under the server's key.
  package var sealed: [UInt8]
  package var until: Instant

  package init(session: SessionID, name: String, sealed: [UInt8], until: Instant) {
    self.session = session
    self.name = name
    self.sealed = sealed
    self.until = until
  }
}
