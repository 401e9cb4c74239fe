import Deployments
import Wire

extension Route {
  /// The longest address that is read, in bytes.
  static let mostBytes = 16 << 10
  /// The longest address of a view that is made: browsers cut longer ones out of `Referer`.
  static let mostBytesOfView = 4000

  /// Reads path and query of a request, or of an address that a form or `Referer` brings back; nil for what is no route.
  package init?(rawPath: String, rawQuery: String?) { self.init(rawPath: rawPath, rawQuery: rawQuery, goesOn: true) }

  /// - Parameter goesOn: whether it may say where one goes on after it. Where one goes on says nothing more: an address
  ///   within an address within an address would take long to read, and comes from anybody.
  private init?(rawPath: String, rawQuery: String?, goesOn: Bool) {
    guard rawPath.utf8.count + (rawQuery?.utf8.count ?? 0) <= Self.mostBytes,
      let segments = Self.segments(of: rawPath), segments.first == Self.root
    else { return nil }
    if !goesOn, segments.count > 1, ["sign-in", "elevate", "assets"].contains(segments[1]) { return nil }
    guard let pairs = try? QueryPairs(rawQuery) else { return nil }
    self.init(Array(segments.dropFirst()), pairs)
  }

  /// Reads an address of a page of ours, absolute or from its path on. `origin` is what our own absolute ones begin
  /// with; others are none.
  package init?(address: String, origin: String) { self.init(address: address, origin: origin, goesOn: true) }

  private init?(address: String, origin: String, goesOn: Bool) {
    var rest = Substring(address)
    if rest.hasPrefix(origin + "/") { rest = rest.dropFirst(origin.count) }
    rest = rest.prefix { $0 != "#" }
    let path = rest.prefix { $0 != "?" }
    let query = path.endIndex < rest.endIndex ? String(rest[rest.index(after: path.endIndex)...]) : nil
    self.init(rawPath: String(path), rawQuery: query, goesOn: goesOn)
  }

  private static func segments(of rawPath: String) -> [String]? {
    guard rawPath.utf8.first == UInt8(ascii: "/") else { return nil }
    var segments: [String] = []
    // One slash at the end says nothing.
    let path =
      rawPath.utf8.count > 1 && rawPath.utf8.last == UInt8(ascii: "/") ? rawPath.utf8.dropLast() : rawPath.utf8[...]
    for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let text = try? PercentText.decode(Substring(part)), !text.isEmpty else { return nil }
      segments.append(text)
    }
    return segments
  }

  private init?(_ segments: [String], _ query: QueryPairs) {
    guard let first = segments.first else {
      self = query["all"] == "1" ? .allDeployments : .deployments
      return
    }
    if DeploymentID.isValid(first) {
      self.init(in: first, Array(segments.dropFirst()), query)
      return
    }
    if first == "me" {
      self.init(account: segments.dropFirst())
      return
    }
    switch (first, segments.count) {
    case ("sign-in", 1): self = .signIn(to: Self.target(query["to"]))
    case ("join", 2): self = .join(segments[1])
    case ("elevate", 1): self = .elevate(to: Self.target(query["to"]))
    case ("held", 2):
      guard let number = Int64(segments[1]), number > 0, "\(number)" == segments[1] else { return nil }
      self = .held(number)
    case ("assets", 3): self = .assets(hash: segments[1], file: segments[2])
    case ("sign-out", 1): self = .signOut
    case ("server", 1): self = .server
    case ("server", 2) where segments[1] == "audit": self = .serverAudit(AuditView(query))
    case ("operators", 1): self = .operators(text: query["q"] ?? "")
    default: return nil
    }
  }

  private init?(account segments: ArraySlice<String>) {
    switch (segments.first, segments.count) {
    case (nil, _): self = .account
    case ("look", 1): self = .look
    case ("sessions", 1): self = .sessions
    case ("password", 1): self = .password
    case ("factor", 1): self = .factor
    case ("recovery", 1): self = .recovery
    default: return nil
    }
  }

  /// Whether there is a code in the path with which somebody joins, also where the address was mistyped and is no route:
  /// the code is good all the same.
  package static func hasCode(rawPath: String) -> Bool {
    if let route = Route(rawPath: rawPath, rawQuery: nil) { return route.kind == .join }
    return rawPath.utf8.split(separator: UInt8(ascii: "/")).contains {
      (try? PercentText.decode(Substring($0)))?.lowercased() == "join"
    }
  }

  /// Where one goes on after signing in. Nil leads to the deployments: also for what would come back here.
  private static func target(_ text: String?) -> Route? {
    text.flatMap { Route(address: $0, origin: "", goesOn: false) }
  }

  /// A view to go back to.
  private static func view(_ text: String?) -> Route? {
    let route = target(text)
    switch route {
    case .table?, .view?: return route
    default: return nil
    }
  }

  private init?(in deployment: String, _ segments: [String], _ query: QueryPairs) {
    switch (segments.first, segments.count) {
    case (nil, _): self = .overview(deployment)
    case ("api", 1): self = .manageAPI(deployment)
    case ("api", 3) where segments[1] == "tokens": self = .token(deployment, name: segments[2])
    case ("audit", 1): self = .audit(deployment, AuditView(query))
    case ("settings", 1): self = .settings(deployment, SettingsView(query))
    case ("people", 1): self = .people(deployment, text: query["q"] ?? "")
    case ("views", 2):
      guard let number = Int64(segments[1]), number > 0, "\(number)" == segments[1] else { return nil }
      self = .view(deployment, number, ViewText(query))
    case ("models", 1):
      self = .models(deployment, text: query["q"] ?? "", byName: query["order"] == "name")
    case ("find", 1): self = .find(deployment, text: query["q"] ?? "")
    case ("models", 2): self = .table(deployment, model: segments[1], ViewText(query))
    case ("models", 3...): self.init(in: deployment, model: segments[1], Array(segments.dropFirst(2)), query)
    default: return nil
    }
  }

  private init?(in deployment: String, model: String, _ segments: [String], _ query: QueryPairs) {
    if let id = ObjectID(segments[0]) {
      switch (segments.dropFirst().first, segments.count) {
      case (nil, 1): self = .object(deployment, model: model, id)
      case ("json", 2):
        let asFile = query["as"] == "file"
        self =
          query["with"] == "passwords"
          ? .fullJSON(deployment, model: model, id, asFile: asFile)
          : .json(deployment, model: model, id, asFile: asFile)
      case ("reveal", 2): self = .reveal(deployment, model: model, id)
      case ("delete", 2):
        let from = Self.view(query["from"])
        self =
          query["as"] == "user"
          ? .deleteUser(deployment, model: model, id, from: from) : .delete(deployment, model: model, id, from: from)
      case ("peek", 2): self = .peek(deployment, model: model, id, isWhole: query["fields"] == "all")
      default: return nil
      }
      return
    }
    switch (segments[0], segments.count) {
    case ("filter", 1): self = .filter(deployment, model: model, ViewText(query))
    case ("columns", 1): self = .columns(deployment, model: model, ViewText(query))
    case ("pick", 1): self = .pick(deployment, model: model, ViewText(query))
    case ("export", 1):
      let view = ExportView(query)
      self =
        query[ExportView.passwordsKey] == ExportView.passwordsWord
        ? .fullExport(deployment, model: model, view) : .export(deployment, model: model, view)
    case ("about", 1): self = .about(deployment, model: model)
    default: return nil
    }
  }
}

extension AuditView {
  init(_ query: QueryPairs) {
    var texts: [Key: String] = [:]
    for key in Key.allCases { texts[key] = query[key.rawValue] }
    self.init(texts, isFile: query["as"] == "csv")
  }
}

extension ViewText {
  /// The pairs as they came, with their brackets.
  package init(_ query: QueryPairs) {
    self.init(query.pairs.map { Pair(Self.key($0), $0.value) })
  }

  private static func key(_ pair: QueryPairs.Pair) -> String {
    pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
  }

  /// As `QueryLanguage` reads them.
  package var query: QueryPairs {
    (try? QueryPairs(pairs.map(\.written).joined(separator: "&"))) ?? QueryPairs(pairs: [])
  }
}

extension ViewText.Pair {
  /// Encoded, as in a query string.
  var written: String { "\(PercentText.encode(key))=\(PercentText.encode(value))" }
}
