import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Web
import Webhooks
import Wire

/// Who comes to a route in the scenarios of roles.
enum Guest: String, CaseIterable, Sendable {
  /// Without a session.
  case nobody
  /// Without a role anywhere.
  case stranger
  case viewer, editor, support, administrator
  /// The administrator of another deployment.
  case elsewhere
  case `operator`

  var role: Role? { Role(rawValue: rawValue) }
  /// Whether the deployment is there for them.
  var knowsDeployment: Bool { role != nil || self == .operator }
}

/// The pages with people of every role, two deployments, and what every route needs to be asked for.
struct RoleWorld {
  static let password = "kettle orbit mango"
  static let host = "localhost:8080"
  private static let browser = Browser(address: "203.0.113.9")

  let pages: TestBrowser
  let otherDeployment: String
  private var count = 0
  private var hasUsers = false

  init(_ pages: TestBrowser) async throws {
    self.pages = pages
    pages.usePeople()
    let model = try #require(DataModelReader.read(Array(Schemas.flights.utf8)).model)
    otherDeployment = try await pages.deployments.create(
      .init(name: "elsewhere", environment: "testing", model: model)
    ).deployment.id
    try await VisitScenarios.fill(pages)
  }

  /// Somebody new, as the visitor of a session of their own, with its token; nil for nobody.
  mutating func guest(_ guest: Guest, elevated: Bool) async throws -> (visitor: Visitor, token: String)? {
    if guest == .nobody { return nil }
    count += 1
    var invitation = Invitation(email: "guest\(count)@example.org", name: "Guest \(count)")
    invitation.makesOperator = guest == .operator
    if let role = guest.role { invitation.grants = [RoleGrant(deployment: pages.deploymentID, roles: [role])] }
    if guest == .elsewhere {
      invitation.grants = [RoleGrant(deployment: otherDeployment, roles: [.administrator])]
    }
    let code = try await pages.people.invite(invitation, by: nil, from: Self.browser)
    var token = try await pages.people.join(
      code, JoinForm(name: invitation.name, password: Self.password), from: Self.browser
    ).token
    let visitor = try #require(try await pages.people.visitor(token: token))
    if elevated {
      token = try await pages.people.elevate(visitor, Proof(password: Self.password), from: Self.browser)
    }
    return (try #require(try await pages.people.visitor(token: token)), token)
  }

  /// Another session of a person.
  func otherSession(of visitor: Visitor) async throws -> Visitor {
    let signedIn = try await pages.people.signIn(
      email: visitor.person.email, Proof(password: Self.password), from: Self.browser)
    return try #require(try await pages.people.visitor(token: signedIn.token))
  }

  /// An address of each row of the table that there is something at.
  mutating func route(_ kind: RouteKind, for visitor: Visitor?) async throws -> Route {
    let (d, m) = (pages.deploymentID, "flight")
    let id = try #require(ObjectID(VisitScenarios.flight))
    switch kind {
    case .assets: return try await asset()
    case .join:
      count += 1
      let invitation = Invitation(email: "invited\(count)@example.org", name: "Invited")
      return .join(try await pages.people.invite(invitation, by: nil, from: Self.browser))
    case .held:
      guard let visitor else { return .held(1) }
      let form = Array("look=dark".utf8)
      return .held(try await pages.people.hold(form, sentTo: Route.look.address.text, for: visitor.person.id))
    case .deployments: return .deployments
    case .allDeployments: return .allDeployments
    case .view:
      guard let visitor else { return .view(d, 1, .none) }
      let address = Route.table(d, model: m, ViewText([.init("q[status]", "landed")])).address.text
      return .view(d, try await pages.people.keepView(address, in: d, of: visitor), .none)
    case .views: return .views(d)
    case .editView:
      guard let visitor else { return .editView(d, 1) }
      let address = Route.table(d, model: m, .none).address.text
      return .editView(
        d,
        try await pages.people.add(ViewDraft(name: "All flights"), showing: address, of: m, in: d, by: visitor))
    case .keep: return .keep(d, model: m, .none)
    case .delete: return .delete(d, model: m, id)
    case .deleteUser: return .deleteUser(d, model: "user", try await user().user)
    case .export: return .export(d, model: m, ExportView(.none, as: .json))
    case .fullExport: return .fullExport(d, model: m, ExportView(.none, as: .json))
    case .fullJSON: return .fullJSON(d, model: m, id)
    case .reveal: return .reveal(d, model: m, id)
    case .edit: return .edit(d, model: m, id)
    case .new: return .new(d, model: m)
    case .signIn: return .signIn(to: nil)
    case .elevate: return .elevate(to: nil)
    case .signOut: return .signOut
    case .account: return .account
    case .look: return .look
    case .sessions: return .sessions
    case .password: return .password
    case .factor: return .factor
    case .recovery: return .recovery
    case .overview: return .overview(d)
    case .manageAPI: return .manageAPI(d)
    case .token:
      count += 1
      _ = try await pages.deployments.createToken(
        name: "token \(count)", of: d, isReadOnly: true, validForSeconds: nil)
      return .token(d, name: "token \(count)")
    case .appUsers: return .appUsers(d)
    case .appUser: return .appUser(d, try await user().user)
    case .wipe:
      let (user, session) = try await user()
      return .wipe(d, user, session: session)
    case .enrolmentCards: return .enrolmentCards(d)
    case .webhooks: return .webhooks(d)
    case .webhook: return .webhook(d, name: "flight_saved")
    case .deliveries:
      try await enableWebhook()
      return .deliveries(d, name: "flight_saved")
    case .delivery:
      try await enableWebhook()
      count += 1
      let delivery = WebhookDelivery(sequence: Int64(count), object: id, nextAt: 1, isParked: true)
      try await pages.keep([delivery], of: "flight_saved")
      return .delivery(d, name: "flight_saved", Int64(count))
    case .audit: return .audit(d, .all)
    case .settings: return .settings(d)
    case .server: return .server
    case .serverAudit: return .serverAudit(.all)
    case .people: return .people(d)
    case .operators: return .operators()
    case .models: return .models(d)
    case .console: return .console(d, ConsoleText([.model: m, .expression: "status = ?", .arguments: "landed"]))
    case .find: return .find(d, text: "a")
    case .table: return .table(d, model: m, .none)
    case .filter: return .filter(d, model: m, .none)
    case .columns: return .columns(d, model: m, .none)
    case .pick: return .pick(d, model: m, ViewText([.init("relationship", "airline")]))
    case .about: return .about(d, model: m)
    case .object: return .object(d, model: m, id)
    case .json: return .json(d, model: m, id)
    case .peek: return .peek(d, model: m, id)
    case .dataModel: return .dataModel(d)
    case .modelCheck: return .modelCheck(d)
    case .modelComparison: return .modelComparison(d, from: 1, to: 1)
    case .modelVersion: return .modelVersion(d, 1)
    case .modelDeploy: return .modelDeploy(d, version: 1)
    case .history: return .history(d, model: m, id)
    case .changes: return .changes(d)
    case .deleted: return .deleted(d, model: m)
    case .restore: return .restore(d, model: m, id, to: try await lastSequence(of: id))
    }
  }

  private func lastSequence(of id: ObjectID) async throws -> Int64? {
    let store = try pages.deployments.deployment(pages.deploymentID).store
    return try await store.read { try $0.oplog(from: 0, limit: 10_000) }.last { $0.id == id }?.sequence
  }

  /// An app user with a device.
  private mutating func user() async throws -> (user: ObjectID, session: ObjectID) {
    let user = try #require(ObjectID(AppUserScenarios.anna))
    if !hasUsers {
      try await AppUserScenarios.fill(pages)
      hasUsers = true
    }
    return (user, try await AppUserScenarios.enrol(user, device: "device", pages))
  }

  private func enableWebhook() async throws {
    try await pages.webhooks.enable("flight_saved", of: pages.deploymentID, url: "https://erp.example.org/hooks")
  }

  private func asset() async throws -> Route {
    let page = try await pages.send(.get, "/databrowser/sign-in", headers: ["Host": Self.host]).page
    let address = page.all("link").compactMap { $0.attributes["href"] }.first { $0.hasSuffix(".css") }
    return try #require(address.flatMap { Route(address: $0, origin: "") })
  }

  /// Asks as a browser with this session does.
  func ask(
    _ method: Method, _ route: Route, token: String?, form: String = "", headers more: [String: String] = [:]
  ) async -> Outcome {
    var headers = more
    headers["Host"] = Self.host
    if let token { headers["Cookie"] = "sojourn-8080=\(token)" }
    return Outcome(await pages.send(method, route.address.text, form: form, headers: headers))
  }
}

/// What came of a request, as far as a table can show it.
enum Outcome: String, Sendable {
  case page = "200"
  case elsewhere = "303"
  /// Led to signing in.
  case signIn = "sign in"
  case elevate = "elevate"
  /// The form is kept.
  case kept = "kept"
  case forbidden = "403"
  case missing = "404"
  case wrongMethod = "405"
  /// 422 or 429: the form was taken, and what it says was not.
  case refused = "422"
  case other = "?"

  init(_ answer: TestBrowser.Answer) {
    switch answer.status {
    case 200: self = .page
    case 303: self = Self.way(answer.headers["Location"] ?? "")
    case 403: self = .forbidden
    case 404: self = .missing
    case 405: self = .wrongMethod
    case 422, 429: self = .refused
    default: self = .other
    }
  }

  private static func way(_ location: String) -> Outcome {
    switch Route(address: location, origin: "")?.kind {
    case .signIn: .signIn
    case .elevate: .elevate
    case .held: .kept
    default: .elsewhere
    }
  }
}
