import Deployments
import Objects
import People
import Storage
import Wire

/// Who made a change, as the oplog names them: `person:{id}`, `token:{name}`, `device:{app user}`, `password`.
package enum Origin: Hashable, Sendable {
  case password
  case token(String)
  /// By the id of its app user.
  case device(ObjectID)
  /// Perhaps through a job.
  case person(PersonID, job: String? = nil)
  case other(String)

  /// Nil where nobody is named.
  package init?(_ text: String) {
    if text.isEmpty { return nil }
    self = Self.named(text) ?? .other(text)
  }

  private static func named(_ text: String) -> Origin? {
    if text == "password" { return .password }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "token": return .token(name)
    case "device": return ObjectID(name).map(Origin.device)
    case "person":
      let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let id = PersonID(String(parts[0])) else { return nil }
      if parts.count == 1 { return .person(id) }
      return parts[1].hasPrefix("job:") ? .person(id, job: String(parts[1].dropFirst(4))) : nil
    default: return nil
    }
  }

  /// As the oplog has it, of a job its person.
  package var text: String {
    switch self {
    case .password: "password"
    case .token(let name): "token:\(name)"
    case .device(let user): "device:\(user)"
    case .person(let id, _): "person:\(id)"
    case .other(let text): text
    }
  }

  /// Of a job its person.
  var whole: Origin { person.map { .person($0) } ?? self }

  var person: PersonID? { if case .person(let id, _) = self { id } else { nil } }
  fileprivate var user: ObjectID? { if case .device(let id) = self { id } else { nil } }
}

/// The names behind origins, looked up once for a page, however many changes it prints.
package struct OriginNames: Sendable {
  package var people: [PersonID: String]
  /// Displays of app users that are there for the visitor.
  package var users: [ObjectID: String]

  package init(people: [PersonID: String] = [:], users: [ObjectID: String] = [:]) {
    self.people = people
    self.users = users
  }

  /// As people read it.
  package func words(_ origin: Origin) -> String {
    switch origin {
    case .password: return "API password"
    case .token(let name): return "token \(CutText.cut(name))"
    case .device(let user):
      return "device of \(users[user].flatMap(\.nonEmpty).map { CutText.cut($0) } ?? user.description)"
    case .person(let id, let job):
      let name = people[id] ?? "person \(id)"
      return job.map { "\(name), job \(CutText.cut($0))" } ?? name
    case .other(let text): return CutText.cut(text)
    }
  }
}

extension PageRead {
  /// The app users of devices among origins, where their model is there for the visitor.
  func users(of origins: [Origin]) throws -> [ObjectID: String] {
    let ids = Set(origins.compactMap(\.user))
    guard !ids.isEmpty, let name = call.deployment.value(of: .appUser), let model = models[name] else { return [:] }
    return try displays(of: Array(ids), in: model)
  }
}

extension DeploymentCall {
  /// Names of all who are among origins; `users` were read from the snapshot.
  /// - Throws: `StorageError`.
  func names(of origins: [Origin], users: [ObjectID: String]) async throws -> OriginNames {
    OriginNames(people: try await page.people.names(of: Set(origins.compactMap(\.person))), users: users)
  }
}
