import Crypto
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

// Manage API: the password and the tokens of a deployment.

extension DeploymentCall {
  func manageAPI(_ form: PostForm?) async throws -> Response {
    guard let form else { return try await manageAPIPage(TokenForm.empty) }
    switch ManageAPIPage.Act(rawValue: form["act"]) {
    case .create: return try await page.once(form) { try await createToken(form) }
    case .renew: return try await page.once(form) { try await renewPassword() }
    case nil: throw PageFault.unreadableForm
    }
  }

  func token(_ name: String, _ form: PostForm?) async throws -> Response {
    if let form { return try await page.once(form) { try await revoke(name) } }
    guard let record = try await registry.tokens(of: id).first(where: { $0.name == name }) else {
      throw PageFault.notFound(
        "There is no token of this name, or not any more.", ways: [Crumb("Manage API", .manageAPI(id))])
    }
    let token = try await told([record])[0]
    let secret = try await shown(on: Self.shown(token: name, of: id), if: record.hash)
    let (examples, frame) = try await reading { $0.examples }
    let shownPage = TokenPage(
      card: DeploymentCard(deployment), token: token, secret: secret, examples: examples,
      ticket: visit.ticket(.token(id, name: name)))
    return answer(shownPage, in: frame)
  }

  private func manageAPIPage(_ form: Form) async throws -> Response {
    let tokens = try await told(try await registry.tokens(of: id))
    // What the list of tokens has just put down is in it.
    let record = deployment.record
    let password = try await shown(on: Self.shown(passwordOf: id), if: record.passwordHash)
    let (examples, frame) = try await reading { $0.examples }
    let shownPage = ManageAPIPage(
      card: DeploymentCard(deployment), baseURL: baseURL, password: password, passwordUse: record.passwordUse,
      tokens: tokens, limits: deployment.limiter.limits, origins: deployment.origins, examples: examples, form: form,
      ticket: visit.ticket(.manageAPI(id)), renewalTicket: visit.ticket(.manageAPI(id)))
    return answer(shownPage, in: frame, status: form.isGood ? 200 : 422)
  }

  // MARK: Acts.

  private func createToken(_ sent: PostForm) async throws -> PageCall.Once {
    var form = TokenForm.empty
    guard let container = try? FormContainer(sent.pairs) else { throw PageFault.unreadableForm }
    form.read(container)
    let name = form[TokenForm.name]
    if let problem = TokenForm.problem(with: name) { form.refuse(TokenForm.name, problem) }
    guard form.isGood else { return .refused(try await manageAPIPage(form)) }
    do {
      let secret = try await audited(.credentials, Self.creation(of: name)) {
        try await registry.createToken(
          name: name, of: id, isReadOnly: form.isTrue(TokenForm.readOnly), validForSeconds: TokenForm.seconds(form))
      }
      try await page.keep(secret, on: Self.shown(token: name, of: id), "The token was made")
      return .done(.token(id, name: name))
    } catch let fault as DeploymentFault {
      form.refuse(TokenForm.name, fault.sentence)
      return .refused(try await manageAPIPage(form))
    }
  }

  private func renewPassword() async throws -> PageCall.Once {
    let password = try await audited(.credentials, "regenerate the password") {
      try await registry.resetPassword(of: id)
    }
    try await page.keep(password, on: Self.shown(passwordOf: id), "The password was changed")
    return .done(.manageAPI(id))
  }

  private func revoke(_ name: String) async throws -> PageCall.Once {
    // Somebody else may have been first.
    if deployment.tokens.contains(where: { $0.name == name }) {
      try await audited(.credentials, "revoke token \(name)") { try await registry.revokeToken(name: name, of: id) }
    }
    return .done(.manageAPI(id))
  }

  // MARK: What is shown.

  private static func creation(of name: String) -> String { "create token \(name)" }
  static func shown(passwordOf deployment: String) -> String { "password of \(deployment)" }
  private static func shown(token name: String, of deployment: String) -> String { "token of \(deployment): \(name)" }

  /// The secret that was drawn a moment ago, while it is the one that counts: somebody else may have drawn another.
  private func shown(on name: String, if hash: [UInt8]) async throws -> String? {
    guard let shown = try await people.shown(on: name, to: visitor), SHA256.hash(shown.secret) == hash else {
      return nil
    }
    return shown.secret
  }

  /// Entries of the audit that are looked at for who made a token.
  private static let mostEntries = 1000

  private func told(_ tokens: [TokenRecord]) async throws -> [ManageAPIPage.Token] {
    if tokens.isEmpty { return [] }
    var want = AuditWant(.newest(before: nil), limit: Self.mostEntries)
    want.deployment = id
    want.action = AuditAction.credentials.rawValue
    let targets = Dictionary(tokens.map { (Self.creation(of: $0.name), $0) }, uniquingKeysWith: { first, _ in first })
    var makers: [String: PersonID] = [:]
    // The newest come first: what stays is the first after the token was made.
    for entry in try await people.audit(want) where entry.draft.outcome == "done" {
      guard let token = targets[entry.draft.target], entry.draft.at >= token.createdAt else { continue }
      makers[token.name] = entry.draft.person
    }
    let names = try await people.names(of: Set(makers.values))
    return tokens.map { token in
      ManageAPIPage.Token(
        record: token, maker: makers[token.name].flatMap { names[$0] },
        isOver: token.expiresAt.map { $0 <= visit.now } ?? false)
    }
  }
}

extension PageRead {
  /// Of a model that the visitor sees.
  fileprivate var examples: [APIExamples.Example] {
    let path = models.all.first.map { "objects/\(PercentText.encode($0.name)).json?limit=10" } ?? "datamodel.json"
    return APIExamples(base: call.baseURL, user: call.id, call: APICall(path: path)).all
  }
}
