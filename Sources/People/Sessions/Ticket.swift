import Crypto
import Storage
import Wire

/// What each form carries to prove that it was made here, for this person, session and route, not long ago.
///
/// It names person and session, so that a form that comes when they have changed can be held for its person. A good
/// ticket gives no right: what the form asks for is checked as if it had none.
package struct Ticket: Sendable, Equatable {
  package static let nonceBytes = 16

  package let person: PersonID
  package let session: SessionID
  package let madeAt: Instant
  package let nonce: [UInt8]

  package init(person: PersonID, session: SessionID, madeAt: Instant, nonce: [UInt8]) {
    self.person = person
    self.session = session
    self.madeAt = madeAt
    self.nonce = nonce
  }

  /// Why a form with a ticket is not taken as it is.
  package enum Problem: Error, Sendable, Equatable {
    /// It is none of ours, or of another route.
    case forged
    /// It was made more than a day ago.
    case old
  }

  /// `{person}.{session}.{seconds}.{nonce}.{code}`
  package func text(for route: String, key: [UInt8]) -> String {
    let claim = "\(person).\(session).\(madeAt.secondsSince1970).\(Hex.encode(nonce))"
    return "\(claim).\(Self.code(claim, route, key))"
  }

  /// Reads a ticket that a form for `route` came with.
  package init(_ text: String, for route: String, key: [UInt8], at now: Instant) throws(Problem) {
    let parts = text.split(separator: ".", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= 256, parts.count == 5, let person = PersonID(parts[0]),
      let session = SessionID(parts[1]), let seconds = Int64(parts[2]), String(seconds) == parts[2],
      let madeAt = Instant(secondsSince1970: seconds), let nonce = Hex.decode(parts[3]),
      nonce.count == Self.nonceBytes
    else { throw .forged }
    let claim = parts[..<4].joined(separator: ".")
    let code = Array(Self.code(claim, route, key).utf8)
    guard ConstantTime.areEqual(code, Array(parts[4].utf8)) else { throw .forged }
    self.init(person: person, session: session, madeAt: madeAt, nonce: nonce)
    // A clock that went back makes no ticket good for longer.
    let age = now.secondsSince1970 - seconds
    guard (-PeopleSettings.ticketSeconds...PeopleSettings.ticketSeconds).contains(age) else { throw .old }
  }

  /// The nonce of a ticket that was good once; nil where it is none.
  package static func nonce(in text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 5, let nonce = Hex.decode(String(parts[3])), nonce.count == nonceBytes else { return nil }
    return nonce
  }

  /// A claim holds no blank, so claim and route cannot run into each other.
  private static func code(_ claim: String, _ route: String, _ key: [UInt8]) -> String {
    Hex.encode(HMACSHA256.code(for: "\(claim) \(route)", key: key))
  }

  /// What becomes of a POST that came with it.
  package enum Fate: Sendable, Equatable {
    /// It is this visitor's own.
    case taken
    /// It is kept until its person has signed in again.
    case held
    /// Somebody else is signed in.
    case refused
  }

  package func fate(for visitor: Visitor?) -> Fate {
    guard let visitor else { return .held }
    if visitor.person.id != person { return .refused }
    return visitor.session.id == session ? .taken : .held
  }
}
