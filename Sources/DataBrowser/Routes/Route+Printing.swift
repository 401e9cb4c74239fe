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
    case .audit(let deployment, _): return [deployment, "audit"]
    case .settings(let deployment, _): return [deployment, "settings"]
    case .server: return ["server"]
    case .serverAudit: return ["server", "audit"]
    case .people(let deployment, _): return [deployment, "people"]
    case .models(let deployment, _, _): return [deployment, "models"]
    case .find(let deployment, _): return [deployment, "find"]
    case .table(let deployment, let model, _): return [deployment, "models", model]
    case .view(let deployment, let number, _): return [deployment, "views", "\(number)"]
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
    }
  }

  private var query: [(key: String, value: String)] {
    switch self {
    case .allDeployments: [("all", "1")]
    case .view(_, _, let view): view.pairs.map { ($0.key, $0.value) }
    case .fullJSON(_, _, _, let asFile): [("with", "passwords")] + (asFile ? [("as", "file")] : [])
    case .reveal: []
    case .delete(_, _, _, let from): from.map { [("from", $0.address.text)] } ?? []
    case .deleteUser(_, _, _, let from): [("as", "user")] + (from.map { [("from", $0.address.text)] } ?? [])
    case .export(_, _, let view): view.pairs(withPasswords: false)
    case .fullExport(_, _, let view): view.pairs(withPasswords: true)
    case .peek(_, _, _, let isWhole): isWhole ? [("fields", "all")] : []
    case .models(_, let text, let byName):
      (text.isEmpty ? [] : [("q", text)]) + (byName ? [("order", "name")] : [])
    case .json(_, _, _, let asFile): asFile ? [("as", "file")] : []
    case .audit(_, let view), .serverAudit(let view): view.pairs
    case .settings(_, let view): view.pairs
    case .server: []
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
