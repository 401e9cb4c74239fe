import HTTPServer

/// The routes of a deployment: one table, which the router, the documentation and the tests read
/// (api.md section 7). Paths are relative to `/api/v4/{deployment-id}`; `.json` may be left out.
package struct Route: Sendable {
  package enum Name: String, Sendable, CaseIterable {
    case listObjects, countObjects, searchObjects, queryObjects, getObject, createObject, patchObject, putObject
    case deleteObject, batch, dataModelJSON, dataModelXML, info, indexes, oplog
    case openAPI, docs
    case listUsers, getUser, getSession, lockUser, unlockUser, reauthenticate, wipe
    case createAuthenticationToken, reEnrol, enrol
    case getAttachment, createAttachment, putAttachment
  }

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

  package let name: Name
  package let method: Method
  package let parts: [Part]
  package let body: BodyKind
  /// Whether it needs credentials that may write.
  package let writes: Bool
  /// Whether a signature in the query stands for credentials.
  package let isSigned: Bool

  package static let table: [Route] = [
    Route(.listObjects, .get, [.word("objects"), .model]),
    Route(.createObject, .post, [.word("objects"), .model], body: .jsonOrForm, writes: true),
    Route(.countObjects, .get, [.word("objects"), .model, .word("count")]),
    Route(.searchObjects, .post, [.word("objects"), .model, .word("search")], body: .jsonOrFormIfAny),
    Route(.queryObjects, .post, [.word("objects"), .model, .word("query")], body: .json),
    Route(.getObject, .get, [.word("objects"), .model, .id]),
    Route(.patchObject, .patch, [.word("objects"), .model, .id], body: .jsonOrForm, writes: true),
    Route(.putObject, .put, [.word("objects"), .model, .id], body: .jsonOrForm, writes: true),
    Route(.deleteObject, .delete, [.word("objects"), .model, .id], writes: true),
    Route(.batch, .post, [.word("batch")], body: .json, writes: true),
    Route(.dataModelJSON, .get, [.word("datamodel")]),
    Route(.dataModelXML, .get, [.word("datamodel.xml")]),
    Route(.info, .get, [.word("info")]),
    Route(.indexes, .get, [.word("indexes")]),
    Route(.oplog, .get, [.word("oplog")]),
    Route(.openAPI, .get, [.word("openapi")]),
    Route(.docs, .get, [.word("docs")]),
    Route(.listUsers, .get, [.word("users")]),
    Route(.getUser, .get, [.word("users"), .id]),
    Route(.lockUser, .post, [.word("users"), .id, .word("lock")], writes: true),
    Route(.unlockUser, .post, [.word("users"), .id, .word("unlock")], writes: true),
    Route(.getSession, .get, [.word("users"), .id, .word("sessions"), .session]),
    Route(
      .reauthenticate, .post, [.word("users"), .id, .word("sessions"), .session, .word("re-authenticate")],
      writes: true),
    Route(.wipe, .post, [.word("users"), .id, .word("sessions"), .session, .word("wipe")], writes: true),
    Route(.createAuthenticationToken, .post, [.word("users"), .id, .word("authentication-token")], writes: true),
    Route(.reEnrol, .post, [.word("objects"), .userModel, .id, .word("re_enroll")], writes: true),
    // Without credentials: it is looked for before they are.
    Route(.enrol, .post, [.word("enroll")], body: .json, writes: true),
    Route(.getAttachment, .get, [.word("attachments"), .id, .variant], isSigned: true),
    Route(.createAttachment, .post, [.word("attachments")], body: .bytes, writes: true),
    Route(.putAttachment, .put, [.word("attachments"), .id], body: .bytes, writes: true),
  ]

  /// Whether it is for those alone who have credentials of the deployment.
  var needsCredentials: Bool { name != .enrol && !isSigned }

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
    _ name: Name, _ method: Method, _ parts: [Part], body: BodyKind = .none, writes: Bool = false,
    isSigned: Bool = false
  ) {
    self.name = name
    self.method = method
    self.parts = parts
    self.body = body
    self.writes = writes
    self.isSigned = isSigned
  }
}
