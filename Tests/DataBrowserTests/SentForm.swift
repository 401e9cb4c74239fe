import Crypto
import DataBrowser
import Deployments
import PageReading
import People
import Storage
import Testing
import Web
import Webhooks
import Wire

/// A form of the pages, what somebody types into it, and where it stands.
struct SentForm: Sendable {
  /// The page with the form.
  var page: String
  /// Where it is sent; the page itself where nothing else is said.
  var action: String?
  /// What tells it from others to the same address.
  var having: [String: String] = [:]
  var typed: [String: String] = [:]
  /// Why it is never kept; nil where it is.
  var isLost: Reason?
  /// Whether it may be done as often as it is asked for: looking at a secret is entered into the audit each time, and a long
  /// view is kept under a number each time.
  var isRepeatable = false
  /// Whether it ends in what is wrong with it.
  var isRefused = false
  /// Whether one sees afterwards that it was done.
  var isSeen = true

  enum Reason: Sendable {
    /// It has a password in it.
    case password
    /// Whoever is nobody already has signed out.
    case signedOut
  }

  /// A form of each route that has one, for an operator; nil for a route that nobody has thought of here.
  static func of(_ kind: RouteKind, in world: EndingWorld) -> SentForm? {
    let below = "/databrowser/\(world.browser.deploymentID)"
    let flight = "\(below)/models/flight"
    let object = "\(flight)/\(VisitScenarios.flight)"
    switch kind {
    case .signOut:
      return SentForm(page: "/databrowser/me", action: "/databrowser/sign-out", isLost: .signedOut, isSeen: false)
    case .look: return SentForm(page: "/databrowser/me", action: "/databrowser/me/look", typed: ["look": "dark"])
    case .sessions: return SentForm(page: "/databrowser/me/sessions", having: ["session": world.victim.text])
    case .password:
      return SentForm(
        page: "/databrowser/me/password", typed: ["password": "another kettle orbit"], isLost: .password)
    case .elevate:
      return SentForm(
        page: "/databrowser/elevate", typed: ["password": RoleWorld.password, "code": "123456"], isLost: .password)
    case .factor: return SentForm(page: "/databrowser/me/factor", typed: ["act": "begin"], isSeen: false)
    case .recovery: return SentForm(page: "/databrowser/me/recovery")
    case .filter:
      // So long that it is kept under a number, which is what one sees of it.
      let text = String(repeating: "typed ", count: 800)
      return SentForm(
        page: "\(flight)/filter?add=number", action: "\(flight)/filter",
        typed: ["f[0][value]": text, "do": "apply"], isRepeatable: true)
    case .keep:
      return SentForm(
        page: "\(flight)/keep?q[status]=landed", action: "\(flight)/keep", typed: ["name": "typed <b>", "do": "save"])
    case .editView:
      return SentForm(page: "\(below)/views/\(world.view)/edit", typed: ["name": "typed <b>", "do": "save"])
    case .columns: return SentForm(page: "\(flight)/columns", typed: ["c[]": "number", "do": "apply"])
    case .reveal:
      return SentForm(page: object, action: "\(object)/reveal", having: ["field": "secret"], isRepeatable: true)
    case .edit: return SentForm(page: "\(object)/edit", typed: ["v[number]": "typed <b>"])
    case .new: return SentForm(page: "\(flight)/new", typed: ["v[number]": "typed <b>"])
    case .delete: return SentForm(page: "\(object)/delete", action: "\(object)/delete")
    case .restore: return SentForm(page: "\(object)/restore?to=\(world.earlier)")
    case .deleteUser:
      return SentForm(
        page: "\(below)/models/user/\(AppUserScenarios.anna)/delete?as=user", typed: ["confirm": "Anna A"])
    case .manageAPI:
      return SentForm(
        page: "\(below)/api", having: ["act": "create"], typed: ["name": "accounting", "expires": "30"])
    case .token: return SentForm(page: "\(below)/api/tokens/old")
    case .settings:
      return SentForm(page: "\(below)/settings?change=region", action: "\(below)/settings", typed: ["value": "eu"])
    case .people:
      return SentForm(
        page: "\(below)/people", having: ["act": "invite"],
        typed: ["email": "eve@example.org", "name": "Eve <b>", "viewer": "true"])
    case .operators:
      return SentForm(
        page: "/databrowser/operators", having: ["act": "invite"],
        typed: ["email": "eve@example.org", "name": "Eve"])
    case .modelCheck:
      return SentForm(
        page: "\(below)/data-model/check", typed: ["document": "<data-model><model name=\"a\"/></data-model>"],
        isRefused: true, isSeen: false)
    case .modelDeploy:
      return SentForm(
        page: "\(below)/data-model/deploy?version=1", action: "\(below)/data-model/deploy",
        typed: ["note": "as it was <b>"])
    case .webhook:
      return SentForm(
        page: "\(below)/webhooks/flight_saved", having: ["act": "enable"],
        typed: ["url": "https://other.example.org/hooks"])
    case .deliveries:
      return SentForm(page: "\(below)/webhooks/flight_saved/deliveries", typed: ["act": "resend-parked"])
    case .delivery: return SentForm(page: "\(below)/webhooks/flight_saved/deliveries/1", typed: ["act": "skip"])
    case .appUser: return SentForm(page: "\(below)/users/\(AppUserScenarios.anna)", typed: ["act": "lock"])
    case .wipe:
      return SentForm(
        page: "\(below)/users/\(AppUserScenarios.anna)/wipe/\(world.device)", typed: ["display": "Anna A"])
    case .enrolmentCards:
      return SentForm(
        page: "\(below)/users", action: "\(below)/users/cards",
        typed: ["act": "cards", "user": AppUserScenarios.anna])
    default: return nil
    }
  }
}

/// An operator with a second factor in two browsers, somebody else in a third, and what forms can change.
struct EndingWorld: Sendable {
  let browser: TestBrowser
  private let totp: TOTP
  /// Another session of the operator.
  let victim: SessionID
  /// A view that the operator keeps by a name.
  let view: Int64
  /// The session of an app user.
  let device: ObjectID
  /// The entry of a flight before its last change.
  let earlier: Int64
  var otto: Journey
  var eva: Journey

  private static let quiet = Browser(address: "192.0.2.1")

  init(_ browser: TestBrowser) async throws {
    self.browser = browser
    browser.usePeople()
    try await VisitScenarios.fill(browser)
    _ = try await browser.deployments.createToken(
      name: "old", of: browser.deploymentID, isReadOnly: true, validForSeconds: nil)
    earlier = try await Self.change(browser)
    device = try await Self.fill(browser)
    eva = try await browser.joined("Eva", operator: true)
    otto = try await browser.joined("Otto", operator: true)
    try await otto.open("/databrowser/me/factor")
    try await otto.send(to: "/databrowser/me/factor", ["act": "begin"])
    let secret = try #require(otto.page.all("pre").first?.text)
    totp = TOTP(secret: try #require(Base32.decode(secret)))
    try await otto.send(to: "/databrowser/me/factor", ["act": "confirm", "code": try Self.code(totp, browser)])
    #expect(otto.path == "/databrowser/me/recovery")
    let flights = Route.table(browser.deploymentID, model: "flight", .none).address.text
    view = try await browser.people.add(
      ViewDraft(name: "Flights"), showing: flights, of: "flight", in: browser.deploymentID,
      by: TestVisits.visitor(try await browser.person("Otto")))
    var other = otto
    other.forget()
    try await other.open("/databrowser/me")
    try await other.send(to: "/databrowser/sign-in", try Self.proof(totp, browser, email: true))
    #expect(other.path == "/databrowser/me")
    let token = try #require(other.token)
    victim = try #require(try await browser.people.visitor(token: token)?.session.id)
  }

  private static func change(_ browser: TestBrowser) async throws -> Int64 {
    let store = try browser.deployments.deployment(browser.deploymentID).store
    let entries = try await store.read { try $0.oplog(from: 0, limit: 10_000) }
    let earlier = try #require(entries.last { $0.id == ObjectID(VisitScenarios.flight) }?.sequence)
    try await browser.batch(
      "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"flight\",\"id\":\"\(VisitScenarios.flight)\",\"distance\":9}}]}"
    )
    return earlier
  }

  /// An app user with a device, and a webhook with a parked delivery.
  /// - Returns: the device's session.
  private static func fill(_ browser: TestBrowser) async throws -> ObjectID {
    try await AppUserScenarios.fill(browser)
    let flight = try #require(ObjectID(VisitScenarios.flight))
    try await browser.webhooks.enable(
      "flight_saved", of: browser.deploymentID, url: "https://erp.example.org/hooks")
    try await browser.keep(
      [WebhookDelivery(sequence: 1, object: flight, nextAt: 1, isParked: true)], of: "flight_saved")
    let anna = try #require(ObjectID(AppUserScenarios.anna))
    return try await AppUserScenarios.enrol(anna, device: "one", browser)
  }

  private static func code(_ totp: TOTP, _ browser: TestBrowser) throws -> String {
    // Each is good once.
    browser.clock.advance(byMilliseconds: 30_000)
    return try #require(totp.code(ofStep: TOTP.step(at: browser.clock.now)))
  }

  private static func proof(_ totp: TOTP, _ browser: TestBrowser, email: Bool) throws -> [String: String] {
    var proof = ["password": RoleWorld.password, "code": try code(totp, browser)]
    if email { proof["email"] = "otto@example.org" }
    return proof
  }

  /// Signs in and elevates wherever that is asked for, but where the form itself is one of these.
  func prove(_ journey: inout Journey) async throws {
    for _ in 0..<4 {
      if journey.path.hasPrefix("/databrowser/sign-in") {
        try await journey.send(to: "/databrowser/sign-in", try Self.proof(totp, browser, email: true))
      } else if journey.path.hasPrefix("/databrowser/elevate?to=") {
        try await journey.send(to: "/databrowser/elevate", try Self.proof(totp, browser, email: false))
      } else {
        return
      }
    }
    Issue.record("it is asked again and again: \(journey.path)")
  }

  func end(_ journey: Journey) async throws {
    let token = try #require(journey.token)
    let visitor = try #require(try await browser.people.visitor(token: token))
    try await browser.people.end(visitor.session.id, of: visitor, from: Self.quiet)
  }

  /// All that the forms can change, as a text.
  func state() async throws -> String {
    let person = try await browser.person("Otto")
    let visitor = TestVisits.visitor(person)
    let columns = try await browser.people.columns(of: "flight", in: browser.deploymentID, for: visitor)
    var views = 0
    for number in 1...20 as ClosedRange<Int64> {
      if try await browser.people.view(number, in: browser.deploymentID, of: visitor) != nil { views += 1 }
    }
    let named = try await browser.people.namedViews(in: browser.deploymentID, of: visitor).map(\.name)
    let acts = try await browser.acts().filter { !$0.hasPrefix("refusal") }
    let sessions = try await browser.people.sessions(of: person.id).map(\.id)
    let store = try browser.deployments.deployment(browser.deploymentID).store
    let next = try await store.read { try $0.nextSequence() }
    return """
      \(acts); objects before \(next); \(person.manner); \(person.recoveryHashes); \(columns ?? []); \(views) views; \(named); \
      \(try await browser.deployments.tokens(of: browser.deploymentID).map(\.name)); \(sessions.contains(victim))
      """
  }

  func mustBeHeld(_ number: Int64, _ isHeld: Bool) async throws {
    let person = try await browser.person("Otto").id
    #expect(try await (browser.people.held(number, of: person) != nil) == isHeld)
  }
}

extension Journey {
  var token: String? { cookies["sojourn-8080"] }
}
