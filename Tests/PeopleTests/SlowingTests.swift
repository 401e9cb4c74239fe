import Storage
import Testing
import Wire

@testable import People

@Suite("Guessing")
struct SlowingTests {
  private let limits = SignInLimits()
  private let ada = PersonID(drawn: [1, 1, 1, 1, 1, 1])

  private func keys(_ person: PersonID?, _ address: String, known: KnownBrowser? = nil, email: String = "a@b")
    -> [SignInLimits.Key]
  {
    limits.keys(email: email, person: person, address: address, known: known)
  }

  @Test("is slowed after five failures, then to one in 30 seconds, of an account from wherever")
  func account() {
    for number in 0..<5 { #expect(limits.take(keys(ada, "192.0.2.\(number)"), atMilliseconds: 0) == nil) }
    #expect(limits.take(keys(ada, "192.0.2.99"), atMilliseconds: 0) == 30)
    #expect(limits.wait(keys(ada, "192.0.2.99"), atMilliseconds: 15_000) == 15)
    #expect(limits.take(keys(ada, "192.0.2.99"), atMilliseconds: 30_000) == nil)
    #expect(limits.take(keys(ada, "192.0.2.99"), atMilliseconds: 30_000) == 30)
  }

  @Test("is slowed from one address, whatever the accounts, whether they exist or not")
  func address() {
    for number in 0..<5 {
      let person = number % 2 == 0 ? nil : PersonID(drawn: [0, 0, 0, 0, 0, UInt8(number)])
      #expect(limits.take(keys(person, "192.0.2.1", email: "\(number)@x"), atMilliseconds: 0) == nil)
    }
    #expect(limits.take(keys(ada, "192.0.2.1"), atMilliseconds: 0) == 30)
    // The refused try took nothing of the account's.
    for number in 2..<7 { #expect(limits.take(keys(ada, "192.0.2.\(number)"), atMilliseconds: 0) == nil) }
  }

  @Test("is slowed for an address that nobody has as for one that somebody has, whatever the case of its letters")
  func unknown() {
    for number in 0..<5 {
      let email = number % 2 == 0 ? "Nobody@x" : "nobody@X"
      #expect(limits.take(keys(nil, "192.0.2.\(number)", email: email), atMilliseconds: 0) == nil)
    }
    #expect(limits.take(keys(nil, "192.0.2.9", email: "nobody@x"), atMilliseconds: 0) == 30)
  }

  @Test("out of one network of IPv6 is slowed as from one address")
  func network() {
    for number in 0..<5 {
      #expect(limits.take(keys(nil, "2001:db8::\(number)", email: "\(number)"), atMilliseconds: 0) == nil)
    }
    #expect(limits.take(keys(nil, "2001:db8::ffff:1", email: "x"), atMilliseconds: 0) == 30)
    #expect(limits.take(keys(nil, "2001:db8:0:1::1", email: "x"), atMilliseconds: 0) == nil)
  }

  @Test("by strangers does not slow the owner in a browser that is known, nor the other way round")
  func known() {
    let browser = KnownBrowser(drawn: [UInt8](repeating: 1, count: KnownBrowser.idBytes), person: ada)
    while limits.take(keys(ada, "192.0.2.1"), atMilliseconds: 0) == nil {}
    for _ in 0..<5 { #expect(limits.take(keys(ada, "192.0.2.1", known: browser), atMilliseconds: 0) == nil) }
    #expect(limits.take(keys(ada, "192.0.2.1", known: browser), atMilliseconds: 0) == 30)
    #expect(limits.take(keys(PersonID(drawn: [3, 3, 3, 3, 3, 3]), "192.0.2.2"), atMilliseconds: 0) == nil)
  }

  @Test("right costs nothing")
  func right() {
    for _ in 0..<100 {
      #expect(limits.take(keys(ada, "192.0.2.1"), atMilliseconds: 0) == nil)
      limits.putBack(keys(ada, "192.0.2.1"))
    }
  }

  @Test("of many made-up addresses does not make the server forget that of a person")
  func madeUp() {
    while limits.take(keys(ada, "192.0.2.1"), atMilliseconds: 0) == nil {}
    for number in 0..<25_000 {
      _ = limits.take(keys(nil, "10.0.\(number >> 8).\(number & 255)", email: "\(number)@x"), atMilliseconds: 0)
    }
    #expect(limits.wait(keys(ada, "203.0.113.9"), atMilliseconds: 0) == 30)
  }

  @Test("without a session is summed by address and minute")
  func sums() throws {
    func time(_ seconds: Int64) throws -> Instant { try #require(Instant(secondsSince1970: seconds)) }
    let sums = FailureSums()
    for seconds in [0, 59, 60] as [Int64] { sums.note("192.0.2.1", at: try time(seconds)) }
    sums.note("192.0.2.2", at: try time(3))
    #expect(sums.take(at: try time(59)) == [])
    let taken = sums.take(at: try time(61))
    #expect(taken.map(\.address) == ["192.0.2.1", "192.0.2.2"])
    #expect(taken.map(\.count) == [2, 1])
    #expect(taken.allSatisfy { $0.action == "sign-in" && $0.outcome == "refused" && $0.at.secondsSince1970 == 0 })
    sums.giveBack(taken)
    #expect(sums.take(at: nil).map(\.count) == [2, 1, 1])
    var refusal = FailureSums.Key(.refusal, from: "192.0.2.1")
    (refusal.person, refusal.deployment, refusal.target) = (ada, "d", "/x")
    for seconds in [0, 1] as [Int64] { sums.note(refusal, at: try time(seconds)) }
    let refused = sums.take(at: nil)
    #expect(refused.map(\.action) == ["refusal"] && refused.map(\.count) == [2] && refused.map(\.person) == [ada])
    #expect(refused.map(\.target) == ["/x"] && refused.map(\.deployment) == ["d"])
    sums.giveBack(refused)
    #expect(sums.take(at: nil) == refused)
    for number in 0..<5000 { sums.note("a\(number)", at: try time(0)) }
    let many = sums.take(at: nil)
    #expect(many.count == FailureSums.mostKeys + 1)
    #expect(many.compactMap(\.count).reduce(0, +) == 5000)
  }
}
