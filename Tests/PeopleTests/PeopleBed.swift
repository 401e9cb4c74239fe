import Crypto
import Deployments
import ServerUnderTest
import Storage
import StorageUnderTest
import Synchronization
import Testing
import Wire

@testable import People

/// What was reported of the audit.
final class Reported: Sendable {
  let entries = Mutex<[AuditEntry]>([])
}

/// People in a control store of their own, at a time that stands still.
final class PeopleBed: Sendable {
  static let password = "kettle orbit mango"
  static let start: Int64 = 1_700_000_000

  let directory: TemporaryDirectory
  private let place: StoragePlace
  let engine: any StorageEngine
  let clock = ManualClock(milliseconds: start * 1000)
  let people: People
  let reported = Reported()
  let home = Browser(address: "192.0.2.1", agent: "Firefox")

  init(_ change: (inout People.Foundation) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    place = try StoragePlace(in: directory.path + "/data")
    engine = try place.engine(clock: clock)
    guard let key = ServerKey(bytes: [UInt8](repeating: 5, count: 32)) else { throw StorageError.closed }
    var foundation = People.Foundation(store: engine.people, clock: clock, key: key)
    foundation.cost = .least
    foundation.settings.secondFactor = .none
    let bytes = Mutex(SplitMix(seed: 11))
    foundation.draw = { count in
      bytes.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    }
    foundation.deploymentNames = { ["Flights"] }
    let reported = self.reported
    foundation.report = { entry in reported.entries.withLock { $0.append(entry) } }
    change(&foundation)
    people = try People(foundation)
  }

  /// Runs `body` and closes everything.
  static func with(
    _ change: (inout People.Foundation) -> Void = { _ in }, _ body: (PeopleBed) async throws -> Void
  ) async throws {
    let bed = try PeopleBed(change)
    do {
      try await body(bed)
    } catch {
      await bed.close()
      throw error
    }
    await bed.close()
  }

  func close() async {
    await people.close()
    await engine.close()
  }

  var store: any PeopleStore { engine.people }

  func pass(seconds: Int64) { clock.advance(byMilliseconds: seconds * 1000) }

  /// The first operator, signed in.
  func operatorSignedIn() async throws -> (SignedIn, Visitor) {
    let code = try #require(try await people.linkForFirstOperator())
    let signedIn = try await people.join(
      code, JoinForm(email: "ada@example.org", name: "Ada Byron", password: Self.password), from: home)
    return (signedIn, try await visitor(signedIn.token))
  }

  /// Somebody without any right, signed in.
  func signedIn(as email: String) async throws -> (SignedIn, Visitor) {
    let code = try await people.invite(Invitation(email: email, name: "Bob"), by: nil, from: home)
    let signedIn = try await people.join(code, JoinForm(name: "Bob", password: Self.password), from: home)
    return (signedIn, try await visitor(signedIn.token))
  }

  func visitor(_ token: String) async throws -> Visitor { try #require(try await people.visitor(token: token)) }

  /// Gives the visitor an authenticator.
  func enrol(_ visitor: Visitor) async throws -> (TOTP, codes: [String]) {
    try await people.beginFactor(of: visitor)
    let text = try #require(try await people.shown(on: People.Shown.factor, to: visitor)?.secret)
    let totp = TOTP(secret: try #require(Base32.decode(text)))
    try await people.confirmFactor(try code(totp), of: visitor, from: home)
    let codes = try #require(try await people.shown(on: People.Shown.recovery, to: visitor)?.secret)
    return (totp, codes.split(separator: "\n").map(String.init))
  }

  /// The authenticator's code of now.
  func code(_ totp: TOTP) throws -> String { try #require(totp.code(ofStep: TOTP.step(at: clock.now))) }

  func actions() async throws -> [String] {
    try await people.audit(AuditWant(.oldest(after: 0), limit: 100)).map { "\($0.draft.action) \($0.draft.outcome)" }
  }
}
