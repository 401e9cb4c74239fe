import Wire

/// An address of the Data Browser: what paths are read to and links are printed from. No page has an address of ours that
/// was not made from one.
///
/// ```swift
/// Route(path: ["databrowser", id, "models", "flight"], query: pairs)   // .table(id, "flight", view)
/// a(.href(Route.models(id).address)) { "All models" }
/// ```
///
/// Printed and read again a route is the same, and two addresses of one route print the same.
package indirect enum Route: Hashable, Sendable {
  case assets(hash: String, file: String)
  case deployments
  /// The list, also where there is one alone.
  case allDeployments
  /// Signing in, then going on.
  case signIn(to: Route?)
  /// Joining, accepting or resetting by the code of a link.
  case join(String)
  case elevate(to: Route?)
  case held(Int64)
  case signOut
  case account
  case look
  case sessions
  case password
  case factor
  case recovery
  /// People of the server and deployments; those whose name or address holds a text.
  case operators(text: String = "")
  case overview(String)
  /// Manage API.
  case manageAPI(String)
  case token(String, name: String)
  /// Manage Webhooks.
  case webhooks(String)
  /// A webhook, with the body for an object, by its id as it was typed.
  case webhook(String, name: String, object: String = "")
  case deliveries(String, name: String, ListFilter<DeliveriesKey> = .all)
  /// That of one change, with a notice where it was sent again a moment ago.
  case delivery(String, name: String, Int64, isSentAgain: Bool = false)
  /// The people who use the app, and their devices.
  case appUsers(String, ListFilter<AppUsersKey> = .all)
  case appUser(String, ObjectID)
  /// Wipes the device of a session.
  case wipe(String, ObjectID, session: ObjectID)
  /// Enrolment links of several users, to be printed.
  case enrolmentCards(String)
  /// What was done in a deployment.
  case audit(String, AuditView)
  /// The settings of a deployment, or one of them to be changed.
  case settings(String, SettingsView = .all)
  /// The server itself.
  case server
  /// What was done on the whole server.
  case serverAudit(AuditView)
  /// Who has a role in the deployment; those whose name or address holds a text.
  case people(String, text: String = "")
  /// All models, or those whose name or label holds a text.
  case models(String, text: String = "", byName: Bool = false)
  case find(String, text: String)
  /// The query console.
  case console(String, ConsoleText)
  case table(String, model: String, ViewText)
  /// A table whose filters are kept under a number.
  case view(String, Int64, ViewText)
  /// The views that are kept by a name, one of them to be changed, and what a table shows to be kept.
  case views(String)
  case editView(String, Int64)
  case keep(String, model: String, ViewText)
  case filter(String, model: String, ViewText)
  case columns(String, model: String, ViewText)
  case pick(String, model: String, ViewText)
  case about(String, model: String)
  case object(String, model: String, ObjectID)
  case json(String, model: String, ObjectID, asFile: Bool = false)
  /// With the values of its password fields.
  case fullJSON(String, model: String, ObjectID, asFile: Bool = false)
  /// Shows the value of one password field.
  case reveal(String, model: String, ObjectID)
  /// Deletes an object, then goes on.
  case delete(String, model: String, ObjectID, from: Route? = nil)
  /// The same of an app user, whose devices are wiped.
  case deleteUser(String, model: String, ObjectID, from: Route? = nil)
  /// The objects of a view as a file, or the form of it.
  case export(String, model: String, ExportView)
  /// With the values of password fields.
  case fullExport(String, model: String, ExportView)
  /// Its first fields, or all of them with what each narrows.
  case peek(String, model: String, ObjectID, isWhole: Bool = false)
  /// The data model in force; of its deploys those below `before`, with a notice about the one that was just done.
  case dataModel(String, before: Int? = nil, done: Int? = nil)
  /// `from` is the version whose document the form begins with.
  case modelCheck(String, from: Int? = nil)
  case modelComparison(String, from: Int? = nil, to: Int? = nil)
  /// The document of a deploy, from a line on.
  case modelVersion(String, Int, line: Int = 1, asFile: Bool = false)
  /// What was checked last, or an earlier version again.
  case modelDeploy(String, version: Int? = nil)
  /// The form of an object that is to be.
  case new(String, model: String, NewObject = .none)
  /// The form of an object, and where one goes on after it.
  case edit(String, model: String, ObjectID, from: Route? = nil)
  /// What changed of an object, also of one that is gone.
  case history(String, model: String, ObjectID, HistoryView = .newest)
  /// What changed in a deployment.
  case changes(String, ListFilter<ChangesKey> = .all)
  /// Brings the state of an object after one of its entries back.
  case restore(String, model: String, ObjectID, to: Int64? = nil)
  /// Objects of a model that were deleted: those below a sequence, or the last ones.
  case deleted(String, model: String, before: Int64? = nil)
}

/// The query of a view as its page has brought it into canonical order; `TableView` says what it means.
package struct ViewText: Hashable, Sendable {
  package let pairs: [Pair]

  package struct Pair: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  package init(_ pairs: [Pair] = []) { self.pairs = pairs }

  package static let none = ViewText()
}

extension Route {
  /// Which row of the table of routes it is in.
  package var kind: RouteKind {
    switch self {
    case .assets: .assets
    case .deployments: .deployments
    case .allDeployments: .allDeployments
    case .appUsers: .appUsers
    case .appUser: .appUser
    case .wipe: .wipe
    case .enrolmentCards: .enrolmentCards
    case .webhooks: .webhooks
    case .webhook: .webhook
    case .deliveries: .deliveries
    case .delivery: .delivery
    case .signIn: .signIn
    case .join: .join
    case .elevate: .elevate
    case .held: .held
    case .signOut: .signOut
    case .account: .account
    case .look: .look
    case .sessions: .sessions
    case .password: .password
    case .factor: .factor
    case .recovery: .recovery
    case .operators: .operators
    case .overview: .overview
    case .manageAPI: .manageAPI
    case .token: .token
    case .audit: .audit
    case .settings: .settings
    case .server: .server
    case .serverAudit: .serverAudit
    case .people: .people
    case .models: .models
    case .find: .find
    case .console: .console
    case .table: .table
    case .view: .view
    case .views: .views
    case .editView: .editView
    case .keep: .keep
    case .filter: .filter
    case .columns: .columns
    case .pick: .pick
    case .about: .about
    case .object: .object
    case .json: .json
    case .fullJSON: .fullJSON
    case .reveal: .reveal
    case .peek: .peek
    case .export: .export
    case .fullExport: .fullExport
    case .dataModel: .dataModel
    case .modelCheck: .modelCheck
    case .modelComparison: .modelComparison
    case .modelVersion: .modelVersion
    case .modelDeploy: .modelDeploy
    case .new: .new
    case .edit: .edit
    case .history: .history
    case .deleted: .deleted
    case .changes: .changes
    case .restore: .restore
    case .delete: .delete
    case .deleteUser: .deleteUser
    }
  }

  /// The deployment that it belongs to; nil for what belongs to the server.
  package var deployment: String? {
    switch self {
    case .allDeployments: nil
    case .views(let deployment), .editView(let deployment, _), .keep(let deployment, _, _): deployment
    case .appUsers(let deployment, _), .appUser(let deployment, _), .wipe(let deployment, _, _),
      .enrolmentCards(let deployment):
      deployment
    case .webhooks(let deployment), .webhook(let deployment, _, _), .deliveries(let deployment, _, _),
      .delivery(let deployment, _, _, _):
      deployment
    case .export(let deployment, _, _), .fullExport(let deployment, _, _): deployment
    case .dataModel(let deployment, _, _), .modelCheck(let deployment, _), .modelComparison(let deployment, _, _),
      .modelVersion(let deployment, _, _, _), .modelDeploy(let deployment, _):
      deployment
    case .new(let deployment, _, _), .edit(let deployment, _, _, _): deployment
    case .console(let deployment, _): deployment
    case .changes(let deployment, _): deployment
    case .history(let deployment, _, _, _), .deleted(let deployment, _, _): deployment
    case .restore(let deployment, _, _, _): deployment
    case .delete(let deployment, _, _, _), .deleteUser(let deployment, _, _, _): deployment
    case .view(let deployment, _, _), .fullJSON(let deployment, _, _, _), .reveal(let deployment, _, _): deployment
    case .assets, .deployments, .signOut, .signIn, .join, .elevate, .held, .account, .look, .sessions, .password,
      .factor, .recovery, .operators, .server, .serverAudit:
      nil
    case .audit(let deployment, _), .settings(let deployment, _), .people(let deployment, _): deployment
    case .overview(let deployment), .manageAPI(let deployment), .token(let deployment, _),
      .models(let deployment, _, _), .find(let deployment, _),
      .table(let deployment, _, _),
      .filter(let deployment, _, _), .columns(let deployment, _, _), .pick(let deployment, _, _),
      .about(let deployment, _), .object(let deployment, _, _), .json(let deployment, _, _, _),
      .peek(let deployment, _, _, _):
      deployment
    }
  }

  /// The model that it belongs to; nil for what belongs to none.
  package var model: String? {
    switch self {
    case .allDeployments, .view, .views, .editView: nil
    case .keep(_, let model, _): model
    case .webhooks, .webhook, .deliveries, .delivery: nil
    case .appUsers, .appUser, .wipe, .enrolmentCards: nil
    case .export(_, let model, _), .fullExport(_, let model, _): model
    case .dataModel, .modelCheck, .modelComparison, .modelVersion, .modelDeploy: nil
    case .new(_, let model, _), .edit(_, let model, _, _): model
    case .console: nil
    case .changes: nil
    case .history(_, let model, _, _), .deleted(_, let model, _): model
    case .restore(_, let model, _, _): model
    case .delete(_, let model, _, _), .deleteUser(_, let model, _, _): model
    case .fullJSON(_, let model, _, _), .reveal(_, let model, _): model
    case .assets, .deployments, .signOut, .signIn, .join, .elevate, .held, .account, .look, .sessions, .password,
      .factor, .recovery, .operators, .overview, .manageAPI, .token, .people, .models, .find, .audit, .settings,
      .server,
      .serverAudit:
      nil
    case .table(_, let model, _), .filter(_, let model, _), .columns(_, let model, _), .pick(_, let model, _),
      .about(_, let model), .object(_, let model, _), .json(_, let model, _, _), .peek(_, let model, _, _):
      model
    }
  }
}
