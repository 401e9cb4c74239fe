import DataBrowser
import HTTPServer
import People
import Storage
import Testing
import Web
import Wire

/// Every route for everybody, against what the table of routes says, and printed as a table.
@Suite("Every route and every role", .serialized)
struct RoleScenarios {
  private func run(_ body: (inout RoleWorld) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { pages in
      var world = try await RoleWorld(pages)
      try await body(&world)
    }
  }

  /// What a need lets these people do; nil where it lets them in.
  private static func obstacle(_ kind: RouteKind, _ guest: Guest, inDeployment: Bool) -> Outcome? {
    if kind.need.right == .anyone { return nil }
    if guest == .nobody { return .signIn }
    if inDeployment, !guest.knowsDeployment { return .missing }
    let isEnough = [kind.need.right, kind.need.also].compactMap { $0 }.allSatisfy { right in
      switch right {
      case .anyone, .account, .signedIn, .viewer: true
      case .editor, .support, .administrator: [right.rawValue, "administrator", "operator"].contains(guest.rawValue)
      case .operator: guest == .operator
      }
    }
    return isEnough ? nil : .forbidden
  }

  // MARK: GET

  private static func answerToGet(_ kind: RouteKind, _ guest: Guest, _ elevated: Bool, _ inDeployment: Bool) -> Outcome
  {
    if kind.methods == .post { return .wrongMethod }
    if let obstacle = obstacle(kind, guest, inDeployment: inDeployment) { return obstacle }
    if kind.need.isElevated, !elevated { return .elevate }
    // One deployment alone opens at once.
    let seesOne = guest != .stranger && guest != .operator
    return kind == .deployments && seesOne ? .elsewhere : .page
  }

  @Test("GET: every route × every role, elevated or not, and from another site")
  func get() async throws {
    try await run { world in
      var lines: [[String]] = []
      for kind in RouteKind.allCases {
        var line = [kind.pattern, Self.text(of: kind.need)]
        for guest in Guest.allCases {
          var shown: [String] = []
          for elevated in kind.need.isElevated ? [false, true] : [false] {
            let somebody = try await world.guest(guest, elevated: elevated)
            let route = try await world.route(kind, for: somebody?.visitor)
            let expected = Self.answerToGet(kind, guest, elevated, route.deployment != nil)
            let found = await world.ask(.get, route, token: somebody?.token)
            #expect(found == expected, "GET \(kind.pattern) for \(guest), elevated: \(elevated)")
            let foreign = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"]
            let fetched = await world.ask(.get, route, token: somebody?.token, headers: foreign)
            // What everybody may have is not worth forbidding.
            #expect(fetched == .forbidden || kind == .assets, "GET \(kind.pattern) for \(guest) from another site")
            let linked = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]
            #expect(await world.ask(.get, route, token: somebody?.token, headers: linked) == expected)
            if shown.last != found.rawValue { shown.append(found.rawValue) }
          }
          line.append(shown.joined(separator: ", "))
        }
        lines.append(line)
      }
      Self.show(["GET", "need"] + Guest.allCases.map(\.rawValue), lines)
    }
  }

  // MARK: POST

  /// What is sent, and what comes of it where nothing is in the way.
  private static func form(of kind: RouteKind) -> (fields: String, done: Outcome) {
    switch kind {
    case .signIn: ("email=nobody%40example.org&password=wrong", .refused)
    case .join: ("name=A&password=short", .refused)
    case .elevate: ("act=give-up", .elsewhere)
    case .signOut: ("", .signIn)
    case .look: ("look=dark", .elsewhere)
    case .sessions: ("session=0", .elsewhere)
    case .password: ("password=short", .refused)
    case .factor: ("act=begin", .elsewhere)
    // There is no factor that they could stand in for.
    case .recovery: ("", .refused)
    case .filter: ("do=cancel", .elsewhere)
    case .keep: ("name=Late&do=save", .elsewhere)
    case .editView: ("name=Late&do=save&revision=1", .elsewhere)
    case .delete: ("clear=true", .refused)
    case .restore: ("do=cancel", .elsewhere)
    case .deleteUser: ("moment=9999999&confirm=wrong", .refused)
    case .columns: ("do=usual", .elsewhere)
    case .reveal: ("field=secret", .elsewhere)
    case .edit: ("v%5Bnumber%5D=N1&c%5Bnumber%5D=0&do=cancel", .elsewhere)
    case .new: ("id=\(RouteTests.id)&c%5Bnumber%5D=0&v%5Bnumber%5D=x&do=save", .elsewhere)
    case .manageAPI: ("act=renew", .elsewhere)
    case .token: ("", .elsewhere)
    case .appUser: ("act=unlock", .elsewhere)
    case .wipe: ("display=Anna%20A", .elsewhere)
    case .enrolmentCards: ("act=cards&user=\(AppUserScenarios.anna)", .elsewhere)
    case .webhook: ("act=enable&url=https%3A%2F%2Ferp.example.org%2Fhooks&opened=off%20", .elsewhere)
    case .deliveries: ("act=resend-parked", .elsewhere)
    case .delivery: ("act=skip", .elsewhere)
    case .settings: ("setting=region&act=set&value=eu&was_set=&opened=", .elsewhere)
    case .people: ("act=invite&email=new%40example.org&name=New&viewer=true", .elsewhere)
    case .operators: ("act=invite&email=new%40example.org&name=New", .elsewhere)
    case .modelCheck: ("document=%3Cdata-model%2F%3E", .refused)
    case .modelDeploy: ("document=%3Cdata-model%2F%3E&on=1", .refused)
    default: ("", .other)
    }
  }

  private static let ours = ["Sec-Fetch-Site": "same-origin"]

  @Test("POST: every route × every role, and every way in which a form is not as it should be")
  func post() async throws {
    try await run { world in
      var lines: [[String]] = []
      let kinds = RouteKind.allCases.filter { $0 != .assets }
      for kind in kinds where kind.methods != .get {
        var found: [String: Set<String>] = [:]
        for guest in Guest.allCases {
          let cells = try await Self.cells(kind, guest, &world)
          for cell in cells {
            #expect(cell.found == cell.expected, "POST \(kind.pattern) for \(guest): \(cell.name)")
            let key = cell.name == "good" ? "good: \(guest)" : cell.name
            found[key, default: []].insert(cell.found.rawValue)
          }
        }
        lines.append(
          [kind.pattern, Self.text(of: kind.need)]
            + Self.columns.map { found[$0]?.sorted().joined(separator: ", ") ?? "–" })
      }
      Self.show(["POST", "need"] + Self.columns, lines)
      // Nothing else is posted to.
      for kind in kinds where kind.methods == .get {
        let somebody = try await world.guest(.operator, elevated: true)
        let route = try await world.route(kind, for: somebody?.visitor)
        #expect(await world.ask(.post, route, token: somebody?.token, headers: Self.ours) == .wrongMethod)
      }
    }
  }

  private static let conditions = [
    "no session", "other session", "other person", "other site", "no site", "no ticket", "altered ticket",
    "ticket of another route", "twice", "not elevated",
  ]
  private static let columns = Guest.allCases.map { "good: \($0)" } + conditions

  private struct Cell {
    var name: String
    var found: Outcome
    var expected: Outcome
  }

  /// A form as one person's page has it, and what came of sending it in one way or another.
  private struct Sending {
    let world: RoleWorld
    let kind: RouteKind
    let route: Route
    let somebody: (visitor: Visitor, token: String)
    var cells: [Cell] = []

    var path: String { String(route.address.text.prefix { $0 != "?" }) }

    func ticket(of visitor: Visitor) -> String { world.pages.people.ticket(for: path, visitor) }

    func form(_ ticket: String?) -> String {
      let fields = RoleScenarios.form(of: kind).fields
      return ((ticket.map { ["ticket=\($0)"] } ?? []) + (fields.isEmpty ? [] : [fields])).joined(separator: "&")
    }

    mutating func cell(
      _ name: String, _ expected: Outcome, _ form: String, token: String?, headers: [String: String] = ours
    ) async {
      let found = await world.ask(.post, route, token: token, form: form, headers: headers)
      cells.append(Cell(name: name, found: found, expected: expected))
    }
  }

  private static func cells(_ kind: RouteKind, _ guest: Guest, _ world: inout RoleWorld) async throws -> [Cell] {
    let done = form(of: kind).done
    guard let somebody = try await world.guest(guest, elevated: true) else {
      let route = try await world.route(kind, for: nil)
      let found = await world.ask(.post, route, token: nil, form: form(of: kind).fields, headers: ours)
      // Without a session there is no ticket either.
      return [Cell(name: "good", found: found, expected: kind.hasTicket ? .forbidden : done)]
    }
    let route = try await world.route(kind, for: somebody.visitor)
    let obstacle = obstacle(kind, guest, inDeployment: route.deployment != nil)
    var sending = Sending(world: world, kind: kind, route: route, somebody: somebody)
    let good = sending.form(kind.hasTicket ? sending.ticket(of: somebody.visitor) : nil)
    let foreign = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]
    await sending.cell("other site", .forbidden, good, token: somebody.token, headers: foreign)
    await sending.cell("no site", .forbidden, good, token: somebody.token, headers: [:])
    if kind.hasTicket {
      try await sendWithOtherTickets(&sending, good, other: try await world.guest(guest, elevated: true)?.visitor)
    }
    if kind.need.isElevated, let plain = try await world.guest(guest, elevated: false) {
      let form = sending.form(sending.ticket(of: plain.visitor))
      await sending.cell("not elevated", obstacle ?? (kind.hasPassword ? .elsewhere : .kept), form, token: plain.token)
    }
    await sending.cell("good", obstacle ?? done, good, token: somebody.token)
    // Signing out and giving up end the session that the form came with.
    let again = kind == .signOut || kind == .elevate ? Outcome.signIn : done
    await sending.cell("twice", obstacle ?? again, good, token: somebody.token)
    return sending.cells
  }

  private static func sendWithOtherTickets(_ sending: inout Sending, _ good: String, other: Visitor?) async throws {
    let (visitor, token) = sending.somebody
    await sending.cell("no session", .signIn, good, token: nil)
    let session = try await sending.world.otherSession(of: visitor)
    // A form with a password is never kept: its page is shown again.
    let again: Outcome = sending.kind == .elevate ? .elevate : .elsewhere
    let form = sending.form(sending.ticket(of: session))
    await sending.cell("other session", sending.kind.hasPassword ? again : .kept, form, token: token)
    if let other {
      await sending.cell("other person", .forbidden, sending.form(sending.ticket(of: other)), token: token)
    }
    await sending.cell("no ticket", .forbidden, sending.form(nil), token: token)
    let altered = good.replacing("ticket=", with: "ticket=0")
    await sending.cell("altered ticket", .forbidden, altered, token: token)
    let elsewhere = sending.world.pages.people.ticket(for: "/databrowser/nothing", visitor)
    await sending.cell("ticket of another route", .forbidden, sending.form(elsewhere), token: token)
  }

  @Test("A ticket is good for a day")
  func staleTicket() async throws {
    try await run { world in
      for kind in RouteKind.allCases where kind.methods != .get && kind.hasTicket {
        let somebody = try #require(try await world.guest(.operator, elevated: false))
        let route = try await world.route(kind, for: somebody.visitor)
        let path = String(route.address.text.prefix { $0 != "?" })
        let form = "ticket=\(world.pages.people.ticket(for: path, somebody.visitor))&\(Self.form(of: kind).fields)"
        // A session that is used does not end by itself within a day.
        for _ in 0..<5 {
          world.pages.clock.advance(byMilliseconds: 5 * 3_600_000)
          #expect(await world.ask(.get, .account, token: somebody.token) == .page)
        }
        let found = await world.ask(.post, route, token: somebody.token, form: form, headers: Self.ours)
        #expect(found == .forbidden, "\(kind.pattern)")
      }
    }
  }

  // MARK: The table as it is printed.

  private static func text(of need: Need) -> String {
    need.right.rawValue + (need.also.map { " and \($0.rawValue)" } ?? "") + (need.isElevated ? " †" : "")
  }

  private static func show(_ head: [String], _ lines: [[String]]) {
    let rows = [head, head.map { _ in "---" }] + lines
    print(rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
  }
}
