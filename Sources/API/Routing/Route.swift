import HTTPServer

/// The routes of a deployment: one table, which the router, the documentation and the tests read
/// (api.md section 7). Paths are relative to `/api/v4/{deployment-id}`; `.json` may be left out.
package struct Route: Sendable {
  /// What a request's body is to be.
  package enum BodyKind: Sendable {
    /// Ignored, with its `Content-Type`.
    case none
    case json
    case jsonOrForm
    /// The same, and there may be none.
    case jsonOrFormIfAny
    /// Any bytes, of any `Content-Type`.
    case bytes
  }

  package enum Part: Sendable, Equatable {
    case word(String)
    case model
    case id
    case session
    /// A model that is to be the one of app users.
    case userModel
    /// The word of an attachment's variant.
    case variant
  }

  package let kind: RouteKind
  package let method: Method
  package let parts: [Part]
  package let body: BodyKind
  /// Whether it needs credentials that may write.
  package let writes: Bool
  /// The index in the table.
  package private(set) var index = 0

  package var name: String { kind.name }

  package static let table: [Route] = rows.enumerated().map { index, row in
    var route = row
    route.index = index
    return route
  }

  private static let rows: [Route] = [
    Route(.object(.list), .get, [.word("objects"), .model]),
    Route(.object(.create), .post, [.word("objects"), .model], body: .jsonOrForm, writes: true),
    Route(.object(.count), .get, [.word("objects"), .model, .word("count")]),
    Route(.object(.search), .post, [.word("objects"), .model, .word("search")], body: .jsonOrFormIfAny),
    Route(.object(.query), .post, [.word("objects"), .model, .word("query")], body: .json),
    Route(.object(.get), .get, [.word("objects"), .model, .id]),
    Route(.object(.patch), .patch, [.word("objects"), .model, .id], body: .jsonOrForm, writes: true),
    Route(.object(.put), .put, [.word("objects"), .model, .id], body: .jsonOrForm, writes: true),
    Route(.object(.delete), .delete, [.word("objects"), .model, .id], writes: true),
    Route(.batch, .post, [.word("batch")], body: .json, writes: true),
    Route(.deployment(.dataModelJSON), .get, [.word("datamodel")]),
    Route(.deployment(.dataModelXML), .get, [.word("datamodel.xml")]),
    Route(.deployment(.info), .get, [.word("info")]),
    Route(.deployment(.indexes), .get, [.word("indexes")]),
    Route(.deployment(.oplog), .get, [.word("oplog")]),
    Route(.deployment(.openAPI), .get, [.word("openapi")]),
    Route(.deployment(.docs), .get, [.word("docs")]),
    Route(.user(.list), .get, [.word("users")]),
    Route(.user(.get), .get, [.word("users"), .id]),
    Route(.user(.lock), .post, [.word("users"), .id, .word("lock")], writes: true),
    Route(.user(.unlock), .post, [.word("users"), .id, .word("unlock")], writes: true),
    Route(.user(.getSession), .get, [.word("users"), .id, .word("sessions"), .session]),
    Route(
      .user(.reauthenticate), .post, [.word("users"), .id, .word("sessions"), .session, .word("re-authenticate")],
      writes: true),
    Route(.user(.wipe), .post, [.word("users"), .id, .word("sessions"), .session, .word("wipe")], writes: true),
    Route(.user(.createToken), .post, [.word("users"), .id, .word("authentication-token")], writes: true),
    Route(.user(.reEnrol), .post, [.word("objects"), .userModel, .id, .word("re_enroll")], writes: true),
    Route(.open(.enrol), .post, [.word("enroll")], body: .json, writes: true),
    Route(.open(.download), .get, [.word("attachments"), .id, .variant]),
    Route(.attachment(.create), .post, [.word("attachments")], body: .bytes, writes: true),
    Route(.attachment(.put), .put, [.word("attachments"), .id], body: .bytes, writes: true),
  ]

  /// Whether it is for those alone who have credentials of the deployment.
  var needsCredentials: Bool {
    switch kind {
    case .open: false
    case .call: true
    }
  }

  /// Whether a signature in the query stands for credentials.
  package var isSigned: Bool { kind == .open(.download) }

  /// The routes that a path of so many parts may mean, in the table's order; those of GET for HEAD.
  static func candidates(_ method: Method, parts count: Int) -> [Route] {
    guard count < byLength.count, let index = methods.firstIndex(of: method == .head ? .get : method) else { return [] }
    return byLength[count][index]
  }

  private static let methods: [Method] = [.get, .post, .patch, .put, .delete]

  /// The table by the number of parts, and then by method.
  private static let byLength: [[[Route]]] = (0...(table.map(\.parts.count).max() ?? 0)).map { count in
    methods.map { method in table.filter { $0.parts.count == count && $0.method == method } }
  }

  /// Words under a model that are never ids.
  static let reservedWords: Set<String> = ["count", "search", "query"]

  private init(
    _ kind: RouteKind, _ method: Method, _ parts: [Part], body: BodyKind = .none, writes: Bool = false
  ) {
    self.kind = kind
    self.method = method
    self.parts = parts
    self.body = body
    self.writes = writes
  }
}

extension RouteKind {
  // As the table writes them.
  package static func object(_ route: ObjectRoute) -> RouteKind { .call(.object(route)) }
  package static var batch: RouteKind { .call(.batch) }
  package static func user(_ route: UserRoute) -> RouteKind { .call(.user(route)) }
  package static func deployment(_ route: DeploymentRoute) -> RouteKind { .call(.deployment(route)) }
  package static func attachment(_ route: AttachmentRoute) -> RouteKind { .call(.attachment(route)) }
}
