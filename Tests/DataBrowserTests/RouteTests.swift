import DataBrowser
import Deployments
import PageReading
import Testing
import Web
import Wire

/// The table of routes: what is printed is read as the same.
@Suite struct RouteTests {
  static let deployment = "0123456789abcdef01234567"
  static let id = ObjectID("0195a3b2-0000-7000-8000-000000000001")!
  static let view = ViewText([
    .init("q[status]", "landed & late"), .init("q[origin_id.ne]", "x"), .init("expression", "a = ? or b contains ?"),
    .init("arguments", "[1,\"é\"]"), .init("search", "ä ö"), .init("sort[updated_at]", "-1"),
    .init("sort[$natural]", "1"),
    .init("columns", "a,b"), .init("size", "100"), .init("after", "AbC-_"), .init("row", "7"),
  ])

  static let audit = AuditView([
    .person: "0123456789ab", .action: "sign-in", .target: "a b&c=d#é", .from: "2026-01-31", .to: "x", .before: "7",
  ])

  /// One of each row of the table, and more where a route has parts.
  static func examples(of kind: RouteKind) -> [Route] {
    let (d, m) = (deployment, "flight")
    switch kind {
    case .assets: return [.assets(hash: "0011", file: "main.js")]
    case .deployments: return [.deployments]
    case .allDeployments: return [.allDeployments]
    case .signIn: return [.signIn(to: nil), .signIn(to: .table(d, model: m, view)), .signIn(to: .held(7))]
    case .join: return [.join("AbC-_09")]
    case .elevate: return [.elevate(to: nil), .elevate(to: .password)]
    case .held: return [.held(1), .held(.max)]
    case .signOut: return [.signOut]
    case .account: return [.account]
    case .look: return [.look]
    case .sessions: return [.sessions]
    case .password: return [.password]
    case .factor: return [.factor]
    case .recovery: return [.recovery]
    case .overview: return [.overview(d)]
    case .manageAPI: return [.manageAPI(d)]
    case .token: return [.token(d, name: "t"), .token(d, name: "a b/c?d#e%2f&ü")]
    case .appUsers:
      return [
        .appUsers(d),
        .appUsers(
          d,
          ListFilter([
            .state: "never", .version: "a b&c", .platform: "é", .silent: "2026-01-31", .after: "7", .before: "0",
          ])),
      ]
    case .appUser: return [.appUser(d, id)]
    case .wipe: return [.wipe(d, id, session: id)]
    case .enrolmentCards: return [.enrolmentCards(d)]
    case .webhooks: return [.webhooks(d)]
    case .webhook: return [.webhook(d, name: "a_b"), .webhook(d, name: "a", object: "a b&c=d#é")]
    case .deliveries:
      return [
        .deliveries(d, name: "a"),
        .deliveries(
          d, name: "a",
          ListFilter([.state: "parked", .object: "a b&c", .from: "2026-01-31", .to: "é", .before: "7"])),
      ]
    case .delivery: return [.delivery(d, name: "a", 1), .delivery(d, name: "a", .max, isSentAgain: true)]
    case .audit: return [.audit(d, .all), .audit(d, audit), .audit(d, audit.asFile)]
    case .settings: return [.settings(d), .settings(d, .change(.corsOrigins)), .settings(d, .done(.label))]
    case .server: return [.server]
    case .serverAudit: return [.serverAudit(.all), .serverAudit(audit)]
    case .people: return [.people(d), .people(d, text: "a b&c=d#e/ü")]
    case .operators: return [.operators(), .operators(text: "a b&c=d#e/ü")]
    case .models: return [.models(d), .models(d, text: "a b", byName: true)]
    case .console:
      let text = ConsoleText([
        .model: m, .query: "q[a]=b&c=ü", .expression: "a = ? or b in ?", .arguments: "1\n[\"é\"]", .sort: "-a,b",
        .size: "100",
      ])
      return [.console(d, .none), .console(d, text)]
    case .find: return [.find(d, text: ""), .find(d, text: "a b&c=d#e/ü")]
    case .table: return [.table(d, model: m, .none), .table(d, model: "a b/c?", view)]
    case .view: return [.view(d, 1, .none), .view(d, .max, view)]
    case .fullJSON: return [.fullJSON(d, model: m, id), .fullJSON(d, model: m, id, asFile: true)]
    case .reveal: return [.reveal(d, model: m, id)]
    case .views: return [.views(d)]
    case .editView: return [.editView(d, 1), .editView(d, .max)]
    case .keep: return [.keep(d, model: m, .none), .keep(d, model: "a b/c?", view)]
    case .filter: return [.filter(d, model: m, .none), .filter(d, model: m, view)]
    case .columns: return [.columns(d, model: m, view)]
    case .pick: return [.pick(d, model: m, view)]
    case .about: return [.about(d, model: m)]
    case .object: return [.object(d, model: m, id)]
    case .json: return [.json(d, model: m, id), .json(d, model: m, id, asFile: true)]
    case .export:
      return [
        .export(d, model: m, ExportView(.none)), .export(d, model: m, ExportView(view, as: .json, isOfView: true)),
      ]
    case .fullExport: return [.fullExport(d, model: m, ExportView(view, as: .spreadsheet))]
    case .delete: return [.delete(d, model: m, id), .delete(d, model: m, id, from: .table(d, model: m, view))]
    case .deleteUser: return [.deleteUser(d, model: m, id), .deleteUser(d, model: m, id, from: .view(d, 7, .none))]
    case .peek: return [.peek(d, model: m, id), .peek(d, model: m, id, isWhole: true)]
    case .dataModel: return [.dataModel(d), .dataModel(d, before: 7), .dataModel(d, done: 8)]
    case .modelCheck: return [.modelCheck(d), .modelCheck(d, from: 3)]
    case .modelComparison: return [.modelComparison(d), .modelComparison(d, from: 2, to: 1)]
    case .modelVersion:
      return [.modelVersion(d, 1), .modelVersion(d, 7, line: 2001), .modelVersion(d, 7, asFile: true)]
    case .modelDeploy: return [.modelDeploy(d), .modelDeploy(d, version: 3)]
    case .edit: return [.edit(d, model: m, id), .edit(d, model: m, id, from: .table(d, model: m, view))]
    case .new:
      return [
        .new(d, model: m),
        .new(d, model: m, NewObject(copy: id, relationship: "a b", related: id, from: .object(d, model: m, id))),
      ]
    case .history:
      return [.history(d, model: m, id), .history(d, model: m, id, HistoryView(before: 7, first: 1, second: 2))]
    case .changes:
      return [
        .changes(d),
        .changes(
          d,
          ListFilter([
            .model: m, .who: "token:a b&c=d#é", .what: "changed", .from: "2026-01-31", .to: "7", .before: "8",
            .after: "9",
          ])),
      ]
    case .restore: return [.restore(d, model: m, id), .restore(d, model: m, id, to: 1_848_563_712_000_001)]
    case .deleted: return [.deleted(d, model: m), .deleted(d, model: m, before: 1_848_563_712_000_001)]
    }
  }

  @Test(arguments: RouteKind.allCases)
  func printedAndReadARouteIsTheSame(_ kind: RouteKind) {
    for route in Self.examples(of: kind) {
      #expect(route.kind == kind)
      let text = route.address.text
      #expect(Route(address: text, origin: "https://here") == route)
      #expect(Route(address: "https://here" + text + "#part", origin: "https://here") == route)
      #expect(Route(address: text, origin: "https://here")?.address.text == text)
      #expect(text.prefix { $0 != "?" }.split(separator: "/").count == kind.pattern.split(separator: "/").count)
    }
  }

  @Test(arguments: [
    "/databrowserX", "/databrowser//", "/databrowser/assets", "/databrowser/nothing",
    "/databrowser/0123456789abcdef0123456", "/databrowser/0123456789ABCDEF01234567", "/Databrowser",
    "/databrowser/0123456789abcdef01234567/nothing", "/databrowser/0123456789abcdef01234567/api/tokens",
    "/databrowser/0123456789abcdef01234567/api/nothing/t", "/databrowser/0123456789abcdef01234567/api/tokens/t/x",
    "/databrowser/0123456789abcdef01234567/models/flight/nothing",
    "/databrowser/0123456789abcdef01234567/models/flight/0195A3B2-0000-7000-8000-000000000001",
    "/databrowser/0123456789abcdef01234567/models/flight/0195a3b2-0000-7000-8000-000000000001/nothing",
    "/databrowser/%ff", "/databrowser/%", "", "databrowser", "//databrowser", "https://elsewhere/databrowser",
    "https://here.elsewhere/databrowser", "https://here@elsewhere/databrowser", "javascript:alert(1)",
    "/databrowser/0123456789abcdef01234567/models?a]=1", "/databrowser/held/0", "/databrowser/held/01",
    "/databrowser/0123456789abcdef01234567/views/0", "/databrowser/0123456789abcdef01234567/views/01",
    "/databrowser/0123456789abcdef01234567/views/0/edit", "/databrowser/0123456789abcdef01234567/views/1/x",
    "/databrowser/0123456789abcdef01234567/views/1/edit/x", "/databrowser/0123456789abcdef01234567/views/x/edit",
    "/databrowser/0123456789abcdef01234567/webhooks/a/x",
    "/databrowser/0123456789abcdef01234567/users/x", "/databrowser/0123456789abcdef01234567/users/cards/x",
    "/databrowser/0123456789abcdef01234567/users/0195a3b2-0000-7000-8000-000000000001/wipe",
    "/databrowser/0123456789abcdef01234567/users/0195a3b2-0000-7000-8000-000000000001/wipe/x",
    "/databrowser/0123456789abcdef01234567/webhooks/a/deliveries/01",
    "/databrowser/0123456789abcdef01234567/webhooks/a/deliveries/0",
    "/databrowser/0123456789abcdef01234567/webhooks/a/deliveries/1/x",
    "/databrowser/0123456789abcdef01234567/data-model/0", "/databrowser/0123456789abcdef01234567/data-model/01",
    "/databrowser/0123456789abcdef01234567/data-model/x", "/databrowser/0123456789abcdef01234567/data-model/1/x",
    "/databrowser/held/-1", "/databrowser/held/9223372036854775808", "/databrowser/held", "/databrowser/join",
    "/databrowser/join/a/b", "/databrowser/me/nothing", "/databrowser/me/look/x", "/databrowser/sign-in/x",
  ])
  func whatIsNoAddressOfOursIsNoRoute(_ text: String) {
    #expect(Route(address: text, origin: "https://here") == nil)
  }

  @Test func theNumbersOfRoutesAreThoseOfTheirLabels() {
    for kind in RouteKind.allCases { #expect(RouteKind.labels[Int(kind.rawValue)] == kind.pattern) }
    #expect(Set(RouteKind.labels).count == RouteKind.allCases.count + 1)
  }

  @Test(arguments: [
    ("audit?person=&action=&target=x", "audit?target=x"), ("audit?as=xls", "audit"), ("audit?nothing=1", "audit"),
    ("settings?change=nothing", "settings"), ("settings?change=label&done=region", "settings?change=label"),
  ])
  func whatAnAddressDoesNotMeanIsNotPrinted(_ written: String, _ printed: String) {
    let base = "/databrowser/\(Self.deployment)/"
    #expect(Route(address: base + written, origin: "")?.address.text == base + printed)
  }

  @Test func anObjectIsBelowItsTable() {
    let table = Route.table(Self.deployment, model: "a b&c", .none).address
    #expect(
      table.text + "/" + Self.id.description == Route.object(Self.deployment, model: "a b&c", Self.id).address.text)
  }

  @Test func oneSlashAtTheEndSaysNothing() {
    #expect(Route(address: "/databrowser/", origin: "") == .deployments)
    #expect(
      Route(address: "/databrowser/\(Self.deployment)/models/?q=a", origin: "") == .models(Self.deployment, text: "a"))
  }

  @Test func signingInLeadsNowhereElse() {
    for to in [
      "https://elsewhere/", "//elsewhere", "/databrowser/sign-in", "/databrowser/sign-in?to=/databrowser/me",
      "/databrowser/elevate", "/databrowser/assets/0/main.js", "javascript:alert(1)", "",
    ] {
      #expect(
        Route(address: "/databrowser/sign-in?to=\(PercentText.encode(to))", origin: "") == .signIn(to: nil), "\(to)")
    }
  }

  @Test(arguments: [
    ("/databrowser/join/AbC", true), ("/databrowser/join/AbC/", true), ("//databrowser/join/AbC", true),
    ("/databrowser/join/AbC/x", true), ("/databrowser//join/AbC", true), ("/databrowser/%6Aoin/AbC//", true),
    ("/databrowser/Join/AbC", true), ("/databrowser/\(deployment)/models/join", false), ("/databrowser/me", false),
    ("/databrowser/joined/AbC", false),
  ])
  func aCodeIsKnownHoweverItsAddressIsTyped(_ path: String, _ hasCode: Bool) {
    #expect(Route.hasCode(rawPath: path) == hasCode)
  }

  @Test func addressesWithinAddressesTakeNoTime() {
    let deep = String(repeating: "/databrowser/elevate?to=", count: 660)
    let time = ContinuousClock().measure {
      for _ in 0..<20 { #expect(Route(address: "/databrowser/sign-in?to=" + deep, origin: "") == .signIn(to: nil)) }
    }
    // No figure of speed: what this guards against takes minutes.
    #expect(time < .seconds(30))
  }

  @Test func aLongAddressIsNoRoute() {
    #expect(Route(address: "/databrowser?" + String(repeating: "a", count: 20_000), origin: "") == nil)
  }
}
