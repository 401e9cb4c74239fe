import Storage
import Testing
import Wire

@testable import People

@Suite("Tickets of forms, and known browsers")
struct TicketTests {
  private static let key = [UInt8](repeating: 7, count: 32)
  private static let person = PersonID(drawn: [1, 2, 3, 4, 5, 6])
  private static let session = SessionID(drawn: [6, 5, 4, 3, 2, 1])
  private static let made = Instant(clampingMilliseconds: 1_700_000_000_000)
  private static let ticket = Ticket(
    person: person, session: session, madeAt: made, nonce: [UInt8](repeating: 9, count: Ticket.nonceBytes))
  private static let route = "/databrowser/me/password"

  private func at(_ seconds: Int64) throws -> Instant {
    try #require(Instant(secondsSince1970: Self.made.secondsSince1970 + seconds))
  }

  @Test("A ticket is good for its route, for a day")
  func good() throws {
    let text = Self.ticket.text(for: Self.route, key: Self.key)
    for seconds in [0, 1, 86_400, -5] as [Int64] {
      #expect(try Ticket(text, for: Self.route, key: Self.key, at: at(seconds)) == Self.ticket)
    }
    for seconds in [86_401, -86_401] as [Int64] {
      #expect(throws: Ticket.Problem.old) { try Ticket(text, for: Self.route, key: Self.key, at: at(seconds)) }
    }
  }

  @Test("A ticket of another route or key, or one that was changed anywhere, is forged")
  func forged() throws {
    let text = Self.ticket.text(for: Self.route, key: Self.key)
    let now = Self.made
    for route in ["", "/databrowser/me", Self.route + "/", Self.route + " "] {
      #expect(throws: Ticket.Problem.forged) { try Ticket(text, for: route, key: Self.key, at: now) }
    }
    #expect(throws: Ticket.Problem.forged) { try Ticket(text, for: Self.route, key: [1], at: now) }
    for index in text.indices {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "1" ? "2" : "1")
      #expect(throws: Ticket.Problem.forged) { try Ticket(changed, for: Self.route, key: Self.key, at: now) }
    }
    for other in [
      "", ".", "....", text + ".", String(text.dropLast()), String(repeating: ".", count: 100_000), "\u{0}",
    ] {
      #expect(throws: Ticket.Problem.forged) { try Ticket(other, for: Self.route, key: Self.key, at: now) }
    }
  }

  @Test("A form is taken from its own session, held for its person otherwise, and refused to anybody else")
  func fates() {
    func visitor(_ person: PersonID, _ session: SessionID) -> Visitor {
      Visitor(
        PersonRecord(id: person, name: "", email: "", createdAt: .first),
        Visitor.SessionView(id: session, startedAt: .first, lastUseAt: .first))
    }
    let other = PersonID(drawn: [9, 9, 9, 9, 9, 9])
    #expect(Self.ticket.fate(for: visitor(Self.person, Self.session)) == .taken)
    #expect(Self.ticket.fate(for: nil) == .held)
    #expect(Self.ticket.fate(for: visitor(Self.person, SessionID(drawn: [0, 0, 0, 0, 0, 0]))) == .held)
    #expect(Self.ticket.fate(for: visitor(other, Self.session)) == .refused)
  }

  @Test("A browser is known by a cookie that nobody else can make")
  func browsers() {
    let known = KnownBrowser(drawn: [UInt8](repeating: 3, count: KnownBrowser.idBytes), person: Self.person)
    let text = known.text(key: Self.key)
    #expect(KnownBrowser(text, key: Self.key) == known)
    #expect(KnownBrowser(text, key: [1]) == nil)
    for index in text.indices {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "1" ? "2" : "1")
      #expect(KnownBrowser(changed, key: Self.key) == nil)
    }
    for other in ["", "..", text + "." + text, String(repeating: "a", count: 100_000)] {
      #expect(KnownBrowser(other, key: Self.key) == nil)
    }
  }
}
