import People

/// The table of routes: for each its path, who may come, and how it is asked. The router, links, tests and the
/// documentation read it. By their numbers requests are counted.
package enum RouteKind: UInt8, CaseIterable, Sendable {
  case assets = 1, deployments, signOut, overview, models, find, table, filter, columns, pick, about, object, json, peek
  case signIn, join, elevate, held, account, look, sessions, password, factor, recovery
  case manageAPI, token
  case audit, settings, server, serverAudit
  case people, operators
  case allDeployments, view, fullJSON, reveal
  case webhooks, webhook, deliveries, delivery
  case appUsers, appUser, wipe, enrolmentCards
  case export, fullExport
  case dataModel, modelCheck, modelComparison, modelVersion, modelDeploy
  case new, edit
  case console
  case history, deleted
  case delete, deleteUser
  case changes
  case restore
  case views, editView, keep

  /// The path as documentation shows it: `{d}` a deployment, `{m}` a model, `{id}` an object.
  package var pattern: String {
    switch self {
    case .assets: "/databrowser/assets/{hash}/{file}"
    case .deployments: "/databrowser"
    case .allDeployments: "/databrowser?all=1"
    case .signIn: "/databrowser/sign-in"
    case .join: "/databrowser/join/{code}"
    case .elevate: "/databrowser/elevate"
    case .held: "/databrowser/held/{n}"
    case .signOut: "/databrowser/sign-out"
    case .account: "/databrowser/me"
    case .look: "/databrowser/me/look"
    case .sessions: "/databrowser/me/sessions"
    case .password: "/databrowser/me/password"
    case .factor: "/databrowser/me/factor"
    case .recovery: "/databrowser/me/recovery"
    case .overview: "/databrowser/{d}"
    case .manageAPI: "/databrowser/{d}/api"
    case .token: "/databrowser/{d}/api/tokens/{name}"
    case .appUsers: "/databrowser/{d}/users"
    case .appUser: "/databrowser/{d}/users/{id}"
    case .wipe: "/databrowser/{d}/users/{id}/wipe/{session}"
    case .enrolmentCards: "/databrowser/{d}/users/cards"
    case .webhooks: "/databrowser/{d}/webhooks"
    case .webhook: "/databrowser/{d}/webhooks/{name}"
    case .deliveries: "/databrowser/{d}/webhooks/{name}/deliveries"
    case .delivery: "/databrowser/{d}/webhooks/{name}/deliveries/{n}"
    case .audit: "/databrowser/{d}/audit"
    case .settings: "/databrowser/{d}/settings"
    case .server: "/databrowser/server"
    case .serverAudit: "/databrowser/server/audit"
    case .people: "/databrowser/{d}/people"
    case .operators: "/databrowser/operators"
    case .models: "/databrowser/{d}/models"
    case .find: "/databrowser/{d}/find"
    case .console: "/databrowser/{d}/query"
    case .table: "/databrowser/{d}/models/{m}"
    case .view: "/databrowser/{d}/views/{n}"
    case .views: "/databrowser/{d}/views"
    case .editView: "/databrowser/{d}/views/{n}/edit"
    case .keep: "/databrowser/{d}/models/{m}/keep"
    case .filter: "/databrowser/{d}/models/{m}/filter"
    case .columns: "/databrowser/{d}/models/{m}/columns"
    case .pick: "/databrowser/{d}/models/{m}/pick"
    case .about: "/databrowser/{d}/models/{m}/about"
    case .object: "/databrowser/{d}/models/{m}/{id}"
    case .json: "/databrowser/{d}/models/{m}/{id}/json"
    case .fullJSON: "/databrowser/{d}/models/{m}/{id}/json?with=passwords"
    case .reveal: "/databrowser/{d}/models/{m}/{id}/reveal"
    case .peek: "/databrowser/{d}/models/{m}/{id}/peek"
    case .delete: "/databrowser/{d}/models/{m}/{id}/delete"
    case .deleteUser: "/databrowser/{d}/models/{m}/{id}/delete?as=user"
    case .export: "/databrowser/{d}/models/{m}/export"
    case .fullExport: "/databrowser/{d}/models/{m}/export?with=passwords"
    case .dataModel: "/databrowser/{d}/data-model"
    case .modelCheck: "/databrowser/{d}/data-model/check"
    case .modelComparison: "/databrowser/{d}/data-model/compare"
    case .modelVersion: "/databrowser/{d}/data-model/{version}"
    case .modelDeploy: "/databrowser/{d}/data-model/deploy"
    case .new: "/databrowser/{d}/models/{m}/new"
    case .edit: "/databrowser/{d}/models/{m}/{id}/edit"
    case .history: "/databrowser/{d}/models/{m}/{id}/history"
    case .deleted: "/databrowser/{d}/models/{m}/deleted"
    case .changes: "/databrowser/{d}/changes"
    case .restore: "/databrowser/{d}/models/{m}/{id}/restore"
    }
  }

  /// What requests are called where they are counted, by their numbers: 0 is what fits no route.
  package static let labels = ["/databrowser/*"] + allCases.map(\.pattern)

  /// What one must be to come.
  package var need: Need {
    switch self {
    case .assets, .signIn, .join: .anyone
    case .elevate, .held, .signOut, .account, .look, .sessions: .account
    case .password, .factor, .recovery: .account.elevated
    case .deployments, .allDeployments: .signedIn
    case .view, .reveal: .viewer
    case .views, .editView, .keep: .viewer
    case .new, .edit: .editor
    case .console: .viewer
    case .history: .viewer
    case .changes: .viewer
    case .deleted: .editor
    case .restore: .editor
    case .fullJSON: .viewer.elevated
    case .delete: .editor
    case .deleteUser: .editor.and(.support).elevated
    case .export: .viewer
    case .fullExport: .viewer.elevated
    case .dataModel, .modelCheck, .modelComparison, .modelVersion: .viewer
    case .modelDeploy: .administrator.elevated
    case .manageAPI, .token: .administrator.elevated
    case .appUsers, .appUser, .enrolmentCards: .support
    case .wipe: .support.elevated
    case .webhooks, .webhook, .deliveries, .delivery: .administrator.elevated
    case .settings: .administrator.elevated
    case .audit: .administrator
    case .server, .serverAudit: .operator
    case .people: .administrator.elevated
    case .operators: .operator.elevated
    case .overview, .models, .find, .table, .filter, .columns, .pick, .about, .object, .json, .peek: .viewer
    }
  }

  package var methods: Methods {
    switch self {
    case .signOut, .look: .post
    case .reveal: .post
    case .views: .get
    case .editView, .keep: .both
    case .new, .edit: .both
    case .appUsers: .get
    case .appUser, .wipe, .enrolmentCards: .both
    case .webhooks: .get
    case .webhook, .deliveries, .delivery: .both
    case .history, .deleted: .get
    case .changes: .get
    case .columns: .both
    case .dataModel, .modelComparison, .modelVersion: .get
    case .modelCheck, .modelDeploy: .both
    case .allDeployments, .view, .fullJSON: .get
    case .export, .fullExport: .get
    case .console: .get
    case .delete, .deleteUser: .both
    case .restore: .both
    case .signIn, .join, .elevate, .sessions, .password, .factor, .recovery: .both
    case .filter, .manageAPI, .token: .both
    case .settings: .both
    case .audit, .server, .serverAudit: .get
    case .people, .operators: .both
    case .assets, .held, .account, .deployments, .overview, .models, .find, .table, .pick, .about, .object, .json,
      .peek:
      .get
    }
  }

  /// Whether its forms carry a ticket: all do but those of people who are nobody yet.
  package var hasTicket: Bool { self != .signIn && self != .join }

  /// Whether its form has a password in it, which is never held.
  package var hasPassword: Bool { [.signIn, .join, .elevate, .password].contains(self) }

  /// Bytes of a form without files. One of an object has all its texts in it.
  var mostFormBytes: Int {
    switch self {
    case .edit, .new: 8 << 20
    // A document, as browsers encode it.
    case .modelCheck, .modelDeploy: 4 << 20
    default: PostForm.mostBytes
    }
  }

  /// In a few words, for documentation.
  package var summary: String {
    switch self {
    case .assets: "Style sheet, modules and icons."
    case .deployments: "The deployments that one may see; one alone opens at once."
    case .allDeployments: "The deployments that one may see, also where there is one alone."
    case .signIn: "Signing in."
    case .join: "Joining, accepting roles, and renewing what was lost, by a link."
    case .elevate: "Showing again that it is you."
    case .held: "A form that came when its session had ended."
    case .signOut: "Ends the session."
    case .account: "One's own account."
    case .look: "Keeps the look of pages and whether letters are shortcuts."
    case .sessions: "One's own sessions, to be ended."
    case .password: "Another password."
    case .factor: "Sets up a second factor."
    case .recovery: "Recovery codes."
    case .overview: "What a deployment has, and what is wrong with it."
    case .manageAPI: "The API's address, password, tokens, limits and origins, with examples."
    case .token: "A token of the API, to be revoked."
    case .appUsers: "The people who use the app: how each is, with which devices."
    case .appUser: "An app user with every device: lock, unlock, sign out, enrol."
    case .wipe: "Has a device erase its data."
    case .enrolmentCards: "Enrolment links of several app users, to be printed."
    case .webhooks: "The webhooks of a deployment: state, endpoint, what waits and what is parked."
    case .webhook: "A webhook: its endpoint, secrets, public key, and the body for an object."
    case .deliveries: "What a webhook has delivered and has not; all that is parked is sent again."
    case .delivery: "One delivery with its tries, to be sent again or skipped."
    case .audit: "What was done in a deployment, and by whom; also as a file."
    case .settings: "The settings of a deployment, who set them, and changing them."
    case .server: "The server's version, disk, health, connections, memory and settings."
    case .serverAudit: "What was done on the whole server, and by whom; also as a file."
    case .people: "Who has a role in a deployment: roles, sessions, links to join and to reset."
    case .operators: "All people, who is an operator, and the deployments of the server."
    case .models: "All models with their counts."
    case .find: "Finds models, an object by its id in any model, and objects by text."
    case .console: "Objects of a model by an expression or the query of a GET; the call in the languages of programs."
    case .table: "Objects of a model, filtered and sorted."
    case .view: "A view that is kept under a number, by a name or for its person alone."
    case .views: "The views that are kept by a name, by model."
    case .editView: "The name, note and sharing of a view, which can be deleted here."
    case .keep: "Keeps what a table shows by a name."
    case .filter: "The form of a table's filters."
    case .columns: "Which columns a table shows."
    case .pick: "Chooses an object for a relationship."
    case .about: "Fields, relationships, indexes and examples for the API."
    case .object: "An object with what is related to it."
    case .json: "An object as the API prints it."
    case .fullJSON: "An object as the API prints it, with its password fields."
    case .delete: "Deletes an object, once it was said what refers to it."
    case .deleteUser: "Deletes an app user, whose devices are wiped."
    case .export: "The objects of a view as a file, and its form."
    case .fullExport: "The objects of a view as a file, with their password fields, and its form."
    case .reveal: "Shows the value of one password field for five minutes."
    case .peek: "The fields of an object in short, or all of them with the views that they narrow."
    case .dataModel: "The data model in force: models, indexes, document, and the deploys before it."
    case .modelCheck: "What is wrong in a data model, and what deploying it would change."
    case .modelComparison: "Two data models, by meaning and by text."
    case .modelVersion: "The document of one deploy; also as a file."
    case .modelDeploy: "Makes a data model current, or one of an earlier deploy again."
    case .new: "The form of a new object, also filled in from another one."
    case .edit: "The form of an object."
    case .history: "What changed of an object, when and by whom, and any two of its states side by side."
    case .deleted: "Objects of a model that were deleted, with time and who."
    case .changes: "What changed in a deployment: when, who, each field before and after, and where a program goes on."
    case .restore: "Brings an earlier state of an object back, once it was said what that changes."
    }
  }
}

/// How a route may be asked. HEAD goes where GET goes.
package enum Methods: Sendable {
  case get, post, both
}
