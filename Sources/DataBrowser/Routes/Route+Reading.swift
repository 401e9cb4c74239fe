import Deployments
import Wire

extension Route {
  /// The longest address that is read, in bytes.
  static let mostBytes = 16 << 10
  /// The longest address of a view that is made: browsers cut longer ones out of `Referer`.
  static let mostBytesOfView = 4000

  /// Reads path and query of a request, or of an address that a form or `Referer` brings back; nil for what is no route.
  package init?(rawPath: String, rawQuery: String?) { self.init(rawPath: rawPath, rawQuery: rawQuery, within: 0) }

  /// How deep addresses stand within each other: signing in leads to a form, which leads back to a table. Deeper ones
  /// would take long to read, and come from anybody.
  private static let deepest = 2

  /// - Parameter depth: how many addresses it stands within.
  private init?(rawPath: String, rawQuery: String?, within depth: Int) {
    guard rawPath.utf8.count + (rawQuery?.utf8.count ?? 0) <= Self.mostBytes,
      let segments = Self.segments(of: rawPath), segments.first == Self.root
    else { return nil }
    if depth > 0, segments.count > 1, ["sign-in", "elevate", "assets"].contains(segments[1]) { return nil }
    guard let pairs = try? QueryPairs(rawQuery) else { return nil }
    self.init(Array(segments.dropFirst()), Query(Done.without(pairs), within: depth))
  }

  /// What follows the path, and how deep it stands.
  struct Query {
    let pairs: QueryPairs
    private let depth: Int

    init(_ pairs: QueryPairs, within depth: Int) {
      self.pairs = pairs
      self.depth = depth
    }

    subscript(name: String) -> String? { pairs[name] }

    /// The address that stands under a name; nil where none does, also for what would come back to signing in.
    func route(_ name: String) -> Route? {
      guard depth < Route.deepest, let text = pairs[name] else { return nil }
      return Route(address: text, origin: "", within: depth + 1)
    }
  }

  /// Reads an address of a page of ours, absolute or from its path on. `origin` is what our own absolute ones begin
  /// with; others are none.
  package init?(address: String, origin: String) { self.init(address: address, origin: origin, within: 0) }

  private init?(address: String, origin: String, within depth: Int) {
    var rest = Substring(address)
    if rest.hasPrefix(origin + "/") { rest = rest.dropFirst(origin.count) }
    rest = rest.prefix { $0 != "#" }
    let path = rest.prefix { $0 != "?" }
    let query = path.endIndex < rest.endIndex ? String(rest[rest.index(after: path.endIndex)...]) : nil
    self.init(rawPath: String(path), rawQuery: query, within: depth)
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

  private init?(_ segments: [String], _ query: Query) {
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
    case ("sign-in", 1): self = .signIn(to: query.route("to"))
    case ("join", 2): self = .join(segments[1])
    case ("elevate", 1): self = .elevate(to: query.route("to"))
    case ("held", 2):
      guard let number = Int64(segments[1]), number > 0, "\(number)" == segments[1] else { return nil }
      self = .held(number)
    case ("assets", 3): self = .assets(hash: segments[1], file: segments[2])
    case ("sign-out", 1): self = .signOut
    case ("server", 1): self = .server
    case ("server", 2) where segments[1] == "audit": self = .serverAudit(AuditView(query.pairs))
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

  private static func dataModel(_ deployment: String, _ segments: ArraySlice<String>, _ query: Query) -> Route? {
    func number(_ key: String) -> Int? { query[key].flatMap(self.number) }
    guard let word = segments.first else {
      return .dataModel(deployment, before: number("before"), done: number("done"))
    }
    if segments.count > 1 { return nil }
    switch word {
    case "check": return .modelCheck(deployment, from: number("from"))
    case "compare": return .modelComparison(deployment, from: number("from"), to: number("to"))
    case "deploy": return .modelDeploy(deployment, version: number("version"))
    default:
      return self.number(word).map {
        .modelVersion(deployment, $0, line: number("line") ?? 1, asFile: query["as"] == "file")
      }
    }
  }

  /// From 1 on, as it is printed.
  private static func number(_ text: String) -> Int? {
    Int(text).flatMap { $0 > 0 && $0 <= Int(Int32.max) && "\($0)" == text ? $0 : nil }
  }

  /// A view to go back to.
  private static func view(_ route: Route?) -> Route? {
    switch route {
    case .table?, .view?: return route
    default: return nil
    }
  }

  private init?(in deployment: String, _ segments: [String], _ query: Query) {
    switch (segments.first, segments.count) {
    case (nil, _): self = .overview(deployment)
    case ("api", 1): self = .manageAPI(deployment)
    case ("api", 3) where segments[1] == "tokens": self = .token(deployment, name: segments[2])
    case ("users", 1...): self.init(usersIn: deployment, Array(segments.dropFirst()), query)
    case ("webhooks", 1...): self.init(webhooksIn: deployment, Array(segments.dropFirst()), query)
    case ("audit", 1): self = .audit(deployment, AuditView(query.pairs))
    case ("settings", 1): self = .settings(deployment, SettingsView(query.pairs))
    case ("data-model", _):
      guard let route = Self.dataModel(deployment, segments.dropFirst(), query) else { return nil }
      self = route
    case ("people", 1): self = .people(deployment, text: query["q"] ?? "")
    case ("views", 2):
      guard let number = Int64(segments[1]), number > 0, "\(number)" == segments[1] else { return nil }
      self = .view(deployment, number, ViewText(query.pairs))
    case ("views", 1): self = .views(deployment)
    case ("views", 3) where segments[2] == "edit":
      guard let number = Int64(segments[1]), number > 0, "\(number)" == segments[1] else { return nil }
      self = .editView(deployment, number)
    case ("models", 1):
      self = .models(deployment, text: query["q"] ?? "", byName: query["order"] == "name")
    case ("find", 1): self = .find(deployment, text: query["q"] ?? "")
    case ("changes", 1): self = .changes(deployment, ListFilter(query.pairs))
    case ("query", 1): self = .console(deployment, ConsoleText(query.pairs))
    case ("models", 2): self = .table(deployment, model: segments[1], ViewText(query.pairs))
    case ("models", 3...): self.init(in: deployment, model: segments[1], Array(segments.dropFirst(2)), query)
    default: return nil
    }
  }

  private init?(usersIn deployment: String, _ segments: [String], _ query: Query) {
    guard let first = segments.first else {
      self = .appUsers(deployment, ListFilter(query.pairs))
      return
    }
    if segments == ["cards"] {
      self = .enrolmentCards(deployment)
      return
    }
    guard let user = ObjectID(first) else { return nil }
    switch (segments.count, segments.dropFirst().first) {
    case (1, _): self = .appUser(deployment, user)
    case (3, "wipe"):
      guard let session = ObjectID(segments[2]) else { return nil }
      self = .wipe(deployment, user, session: session)
    default: return nil
    }
  }

  private init?(webhooksIn deployment: String, _ segments: [String], _ query: Query) {
    guard let name = segments.first else {
      self = .webhooks(deployment)
      return
    }
    switch (segments.count, segments.dropFirst().first) {
    case (1, _): self = .webhook(deployment, name: name, object: query["object"] ?? "")
    case (2, "deliveries"): self = .deliveries(deployment, name: name, ListFilter(query.pairs))
    case (3, "deliveries"):
      guard let sequence = Int64(segments[2]), sequence > 0, "\(sequence)" == segments[2] else { return nil }
      self = .delivery(deployment, name: name, sequence, isSentAgain: query["done"] == WebhookAct.resend.rawValue)
    default: return nil
    }
  }

  private init?(in deployment: String, model: String, _ segments: [String], _ query: Query) {
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
        let from = Self.view(query.route("from"))
        self =
          query["as"] == "user"
          ? .deleteUser(deployment, model: model, id, from: from) : .delete(deployment, model: model, id, from: from)
      case ("peek", 2): self = .peek(deployment, model: model, id, isWhole: query["fields"] == "all")
      case ("edit", 2): self = .edit(deployment, model: model, id, from: query.route("from"))
      case ("history", 2): self = .history(deployment, model: model, id, HistoryView(query.pairs))
      case ("restore", 2): self = .restore(deployment, model: model, id, to: HistoryView.sequence(query["to"]))
      default: return nil
      }
      return
    }
    switch (segments[0], segments.count) {
    case ("keep", 1): self = .keep(deployment, model: model, ViewText(query.pairs))
    case ("filter", 1): self = .filter(deployment, model: model, ViewText(query.pairs))
    case ("columns", 1): self = .columns(deployment, model: model, ViewText(query.pairs))
    case ("pick", 1): self = .pick(deployment, model: model, ViewText(query.pairs))
    case ("export", 1):
      let view = ExportView(query.pairs)
      self =
        query[ExportView.passwordsKey] == ExportView.passwordsWord
        ? .fullExport(deployment, model: model, view) : .export(deployment, model: model, view)
    case ("about", 1): self = .about(deployment, model: model)
    case ("new", 1): self = .new(deployment, model: model, NewObject(query))
    case ("deleted", 1): self = .deleted(deployment, model: model, before: HistoryView(query.pairs).before)
    default: return nil
    }
  }
}

extension ConsoleText {
  init(_ query: QueryPairs) {
    var texts: [Key: String] = [:]
    for key in Key.allCases { texts[key] = query[key.rawValue] }
    self.init(texts)
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
