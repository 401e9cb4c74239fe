import Web
import Wire

extension Route {
  static let root = "databrowser"

  /// The address as links have it.
  package var address: LocalAddress { address(fragment: nil) }

  /// A part of the page.
  package func address(fragment: String?) -> LocalAddress {
    LocalAddress([Self.root] + segments, query: query, fragment: fragment)
  }

  /// The page with the notice of what was done.
  func address(done: Done) -> LocalAddress { LocalAddress([Self.root] + segments, query: query + done.pairs) }

  private var segments: [String] {
    switch self {
    case .assets(let hash, let file): return ["assets", hash, file]
    case .deployments, .allDeployments: return []
    case .signIn: return ["sign-in"]
    case .join(let code): return ["join", code]
    case .elevate: return ["elevate"]
    case .held(let number): return ["held", "\(number)"]
    case .signOut: return ["sign-out"]
    case .account: return ["me"]
    case .look: return ["me", "look"]
    case .sessions: return ["me", "sessions"]
    case .password: return ["me", "password"]
    case .factor: return ["me", "factor"]
    case .recovery: return ["me", "recovery"]
    case .operators: return ["operators"]
    case .overview(let deployment): return [deployment]
    case .manageAPI(let deployment): return [deployment, "api"]
    case .token(let deployment, let name): return [deployment, "api", "tokens", name]
    case .appUsers(let deployment, _): return [deployment, "users"]
    case .appUser(let deployment, let user): return [deployment, "users", user.description]
    case .wipe(let deployment, let user, let session):
      return [deployment, "users", user.description, "wipe", session.description]
    case .enrolmentCards(let deployment): return [deployment, "users", "cards"]
    case .webhooks(let deployment): return [deployment, "webhooks"]
    case .webhook(let deployment, let name, _): return [deployment, "webhooks", name]
    case .deliveries(let deployment, let name, _): return [deployment, "webhooks", name, "deliveries"]
    case .delivery(let deployment, let name, let sequence, _):
      return [deployment, "webhooks", name, "deliveries", "\(sequence)"]
    case .audit(let deployment, _): return [deployment, "audit"]
    case .settings(let deployment, _): return [deployment, "settings"]
    case .server: return ["server"]
    case .serverAudit: return ["server", "audit"]
    case .people(let deployment, _): return [deployment, "people"]
    case .models(let deployment, _, _): return [deployment, "models"]
    case .find(let deployment, _): return [deployment, "find"]
    case .console(let deployment, _): return [deployment, "query"]
    case .table(let deployment, let model, _): return [deployment, "models", model]
    case .view(let deployment, let number, _): return [deployment, "views", "\(number)"]
    case .views(let deployment): return [deployment, "views"]
    case .editView(let deployment, let number): return [deployment, "views", "\(number)", "edit"]
    case .keep(let deployment, let model, _): return [deployment, "models", model, "keep"]
    case .filter(let deployment, let model, _): return [deployment, "models", model, "filter"]
    case .columns(let deployment, let model, _): return [deployment, "models", model, "columns"]
    case .pick(let deployment, let model, _): return [deployment, "models", model, "pick"]
    case .about(let deployment, let model): return [deployment, "models", model, "about"]
    case .delete(let deployment, let model, let id, _), .deleteUser(let deployment, let model, let id, _):
      return [deployment, "models", model, id.description, "delete"]
    case .export(let deployment, let model, _), .fullExport(let deployment, let model, _):
      return [deployment, "models", model, "export"]
    case .object(let deployment, let model, let id): return [deployment, "models", model, id.description]
    case .json(let deployment, let model, let id, _): return [deployment, "models", model, id.description, "json"]
    case .fullJSON(let deployment, let model, let id, _): return [deployment, "models", model, id.description, "json"]
    case .reveal(let deployment, let model, let id): return [deployment, "models", model, id.description, "reveal"]
    case .peek(let deployment, let model, let id, _): return [deployment, "models", model, id.description, "peek"]
    case .changes(let deployment, _): return [deployment, "changes"]
    case .dataModel(let deployment, _, _): return [deployment, "data-model"]
    case .modelCheck(let deployment, _): return [deployment, "data-model", "check"]
    case .modelComparison(let deployment, _, _): return [deployment, "data-model", "compare"]
    case .modelVersion(let deployment, let version, _, _): return [deployment, "data-model", "\(version)"]
    case .modelDeploy(let deployment, _): return [deployment, "data-model", "deploy"]
    case .new(let deployment, let model, _): return [deployment, "models", model, "new"]
    case .edit(let deployment, let model, let id, _): return [deployment, "models", model, id.description, "edit"]
    case .history(let deployment, let model, let id, _):
      return [deployment, "models", model, id.description, "history"]
    case .deleted(let deployment, let model, _): return [deployment, "models", model, "deleted"]
    case .restore(let deployment, let model, let id, _):
      return [deployment, "models", model, id.description, "restore"]
    }
  }

  private static func numbers(_ pairs: [(key: String, value: Int?)]) -> [(key: String, value: String)] {
    pairs.compactMap { pair in pair.value.map { (pair.key, "\($0)") } }
  }

  private var query: [(key: String, value: String)] {
    switch self {
    case .allDeployments: [("all", "1")]
    case .webhook(_, _, let object): object.isEmpty ? [] : [("object", object)]
    case .deliveries(_, _, let view): view.pairs
    case .delivery(_, _, _, let isSentAgain): isSentAgain ? [("done", WebhookAct.resend.rawValue)] : []
    case .webhooks: []
    case .appUsers(_, let view): view.pairs
    case .changes(_, let view): view.pairs
    case .appUser, .wipe, .enrolmentCards: []
    case .dataModel(_, let before, let done): Self.numbers([("before", before), ("done", done)])
    case .modelCheck(_, let from): Self.numbers([("from", from)])
    case .modelComparison(_, let from, let to): Self.numbers([("from", from), ("to", to)])
    case .modelVersion(_, _, let line, let asFile):
      Self.numbers([("line", line > 1 ? line : nil)]) + (asFile ? [("as", "file")] : [])
    case .modelDeploy(_, let version): Self.numbers([("version", version)])
    case .views, .editView: []
    case .keep(_, _, let view): view.pairs.map { ($0.key, $0.value) }
    case .view(_, _, let view): view.pairs.map { ($0.key, $0.value) }
    case .fullJSON(_, _, _, let asFile): [("with", "passwords")] + (asFile ? [("as", "file")] : [])
    case .reveal: []
    case .delete(_, _, _, let from): from.map { [("from", $0.address.text)] } ?? []
    case .deleteUser(_, _, _, let from): [("as", "user")] + (from.map { [("from", $0.address.text)] } ?? [])
    case .export(_, _, let view): view.pairs(withPasswords: false)
    case .fullExport(_, _, let view): view.pairs(withPasswords: true)
    case .peek(_, _, _, let isWhole): isWhole ? [("fields", "all")] : []
    case .new(_, _, let wanted): wanted.pairs
    case .edit(_, _, _, let from): from.map { [("from", $0.address.text)] } ?? []
    case .history(_, _, _, let view): view.pairs
    case .deleted(_, _, let before): before.map { [("before", "\($0)")] } ?? []
    case .restore(_, _, _, let sequence): sequence.map { [("to", "\($0)")] } ?? []
    case .models(_, let text, let byName):
      (text.isEmpty ? [] : [("q", text)]) + (byName ? [("order", "name")] : [])
    case .json(_, _, _, let asFile): asFile ? [("as", "file")] : []
    case .audit(_, let view), .serverAudit(let view): view.pairs
    case .settings(_, let view): view.pairs
    case .server: []
    case .console(_, let text): text.pairs
    case .find(_, let text), .people(_, let text), .operators(let text): text.isEmpty ? [] : [("q", text)]
    case .table(_, _, let view), .filter(_, _, let view), .columns(_, _, let view), .pick(_, _, let view):
      view.pairs.map { ($0.key, $0.value) }
    case .signIn(let route), .elevate(let route): route.map { [("to", $0.address.text)] } ?? []
    case .assets, .deployments, .signOut, .join, .held, .account, .look, .sessions, .password, .factor, .recovery,
      .overview, .manageAPI, .token, .about, .object:
      []
    }
  }
}
