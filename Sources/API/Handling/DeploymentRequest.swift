import Attachments
import Crypto
import Deployments
import HTTPServer
import JSON
import Objects
import QueryLanguage
import Storage
import Wire

/// A request whose head is in order: good credentials, a route, a model, and the permission for it.
/// What is left is the body, the values in it, and the doing.
struct DeploymentRequest: Sendable {
  /// What the handler has for all of them.
  struct Tools: Sendable {
    let descriptions: DescriptionCache
    let log: any APILog
    let signature: AttachmentSignature
  }

  let context: CallContext
  let calls: ObjectCalls
  private let tools: Tools
  private let match: RouteMatch
  private var head: RequestHead { context.head }
  private var deployment: Deployment { context.deployment }
  private var caller: Caller { context.caller }
  private var clock: any WallClock { context.clock }
  private var answers: AnswerBuilder { context.answers }
  /// The data model that the whole request is performed under. Should another one be deployed before storage does its
  /// part, all from the model on is done anew, under that one.
  private var view: DataModelView
  private var model: ModelView?
  private let contentType: ContentType?

  /// Route and model (404), permission (403), rate (429), content type (415), in this order.
  init(
    _ context: CallContext, calls: ObjectCalls, tools: Tools, kind: inout UInt8
  ) throws(APIError) {
    let (head, deployment, caller) = (context.head, context.deployment, context.caller)
    guard let match = context.match else { throw .noRoute(head) }
    kind = RouteLabel.number(of: match.route.name)
    self.context = context
    self.calls = calls
    self.tools = tools
    self.match = match
    view = calls.view
    model = try Self.model(of: match, in: view)
    if match.route.name == .reEnrol, !Self.reEnrols(model, deployment) { throw .noRoute(head) }
    if match.route.writes, !caller.mayWrite {
      throw APIError(.permissionDenied, "The token is read-only: it cannot \(head.method.name) here.")
    }
    if caller.isDevice, let refusal = match.route.refusal(ofDeviceIn: deployment, head) { throw refusal }
    if let refusal = deployment.limiter.refusal(of: caller, atMilliseconds: context.clock.milliseconds()) {
      throw APIError(refusal)
    }
    contentType =
      match.route.body == .none || match.route.body == .bytes
      ? nil : try ContentType.read(head.headers["content-type"], for: match.route.body)
  }

  /// - Throws: `APIError` where the path names a model that there is not.
  private static func model(of match: RouteMatch, in view: DataModelView) throws(APIError) -> ModelView? {
    guard let word = match.model else { return nil }
    guard let model = view.model(inPath: word) else {
      throw APIError(.routeError, "There is no model \"\(CutText.cut(word))\" in this deployment.")
    }
    return model
  }

  /// The same request under a data model that was deployed meanwhile.
  private func under(_ view: DataModelView) throws(APIError) -> DeploymentRequest {
    var request = self
    request.view = view
    request.model = try Self.model(of: match, in: view)
    return request
  }

  /// The deprecated call is there behind a switch, for the app-user model alone.
  private static func reEnrols(_ model: ModelView?, _ deployment: Deployment) -> Bool {
    deployment.isOn(.singleDeviceEnrolment) && model?.name == deployment.value(of: .appUser)
  }

  /// What storage refuses because credentials ended meanwhile is told as that.
  func whileAdmitted<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch StorageError.sessionEnded(let state) {
      // It was signed out while it wrote.
      throw CredentialsEnded(deployment, state)
    } catch StorageError.closed where deployment.isDeleted {
      throw CredentialsEnded(deployment)
    }
  }

  /// Decodes the call, performs it and dresses what comes of it.
  /// - Throws: `APIError`, `CredentialsEnded`, `ClientFault`, `StorageError`.
  func answer(_ body: RequestBody) async throws -> Response {
    // The body may have taken its time.
    try await context.check()
    switch match.route.name {
    case .dataModelJSON: return answers.dressed(deploymentAnswers.dataModelJSON())
    case .dataModelXML: return answers.dressed(deploymentAnswers.dataModelXML())
    case .info: return answers.json(.memory(deploymentAnswers.info()))
    case .indexes: return answers.json(.memory(try await deploymentAnswers.indexes()))
    case .oplog:
      let feed = Feed(calls, appID: deployment.record.appID, clock: clock, links: links)
      return answers.json(try await feed.read(try FeedQuery(from: try query), admitted: context.checkWait))
    case .openAPI: return await description(.openAPI(forms: try hasForms))
    case .docs: return await description(.page)
    case .listUsers: return answers.json(try await users.list(try query))
    case .getUser: return answers.json(try await users.user(match.id))
    case .getSession: return answers.json(try await users.session(match.session, of: match.id))
    case .lockUser: return answers.json(try await users.lock(match.id))
    case .unlockUser: return answers.json(try await users.unlock(match.id))
    case .reauthenticate: return answers.json(try await users.reauthenticate(match.session, of: match.id))
    case .wipe: return answers.json(try await users.wipe(match.session, of: match.id))
    case .createAuthenticationToken: return answers.json(try await users.createToken(for: match.id))
    case .reEnrol: return answers.json(try await users.reEnrol(match.id))
    default: break
    }
    return try dressed(try await outcome(body))
  }

  private func outcome(_ body: RequestBody) async throws -> ObjectOutcome {
    do {
      return try await perform(body)
    } catch StorageError.replan {
      return try await calls.planning(anew: true) { try await under($0).perform(body) }
    }
  }

  private func perform(_ body: RequestBody) async throws -> ObjectOutcome {
    let call = try call(body)
    do {
      return try await calls.perform(call, in: objectContext, admitted: context.check)
    } catch StorageError.timeLimit(let seconds) {
      throw APIError.timeLimit(seconds, hint: IndexHint(call))
    }
  }

  private func dressed(_ outcome: ObjectOutcome) throws -> Response {
    switch outcome {
    case .answer(let answer, let nextSequence): return answers.json(answer, nextSequence: nextSequence)
    case .page(let answer, let nextSequence, let next):
      // Only a page that was asked for by its address has another one to go on at.
      let link = match.route.name == .listObjects ? next.flatMap { NextLink(head, after: $0) } : nil
      return answers.json(answer, nextSequence: nextSequence, next: link)
    case .deleted: return answers.dressed(Response(status: 200, headers: [("Cache-Control", "no-store")]))
    case .batch(let batch, let outcomes):
      let block = BatchAnswer.block(batch, outcomes, documentation: answers.documentation)
      return answers.json(.memory(block))
    case .missing(let model, let id): throw APIError.objectNotFound(model: model, id: id.description)
    case .idInUse(let model, let id): throw APIError.idInUse(model: model, id: id.description)
    }
  }

  /// Whether lists say how many objects match, where the request says nothing of it.
  private var hasTotal: Bool { !caller.isDevice }

  private var users: UserAnswers {
    UserAnswers(deployment: deployment, calls: calls, clock: clock, answers: answers)
  }

  /// What takes the body in where it is a raw upload; nil for all other requests.
  /// - Throws: `APIError`, `BlobFault`.
  func upload(
    answering: @escaping @Sendable (@Sendable () async throws -> Response?) async -> Response?
  ) throws -> AttachmentUpload? {
    guard match.route.body == .bytes else { return nil }
    return try AttachmentUpload(self, given: match.id, newID: newID, answering: answering)
  }

  /// The addresses of attachments, as this request reaches the server.
  private var links: AttachmentLinks {
    AttachmentLinks(base: answers.origin, deployment: deployment.id, signature: tools.signature, at: clock.now)
  }

  var objectContext: ObjectContext {
    ObjectContext(view: view, origin: caller.origin, session: caller.session, links: links)
  }

  private var deploymentAnswers: DeploymentAnswers { DeploymentAnswers(deployment: deployment, head: head) }

  /// The parameter `forms` of the OpenAPI document.
  private var hasForms: Bool {
    get throws {
      for pair in try query.pairs.reversed() where pair.path[0] == "forms" {
        return try PageBounds.flag(pair) ?? true
      }
      return true
    }
  }

  private func description(_ kind: DescriptionCache.Kind) async -> Response {
    let made = await tools.descriptions.document(kind, of: deployment, origin: answers.origin)
    let headers = kind == .page ? HTMLPage.headers : [(name: "Content-Type", value: TextType.json)]
    return answers.dressed(deploymentAnswers.tagged(made.block, made.tag, headers: headers))
  }

  // MARK: From the request to the call.

  private func call(_ body: RequestBody) throws -> ObjectCall {
    if match.route.name == .batch {
      return .batch(try Batch(try json(body), under: view, newID: newID))
    }
    guard let model else { throw APIError.noRoute(head) }
    let id = match.id.flatMap { ObjectID($0) }
    switch match.route.name {
    case .listObjects:
      let query = try query
      try check(query, for: Self.namesOfLists, on: model)
      return .list(model, try ListQuery(query, on: model, in: view, totalByDefault: hasTotal))
    case .queryObjects:
      return .list(
        model,
        try ListQuery(try json(body).root, query: try query, on: model, in: view, totalByDefault: hasTotal))
    case .countObjects:
      let query = try query
      try check(query, for: Self.namesOfCounts, on: model)
      return .count(model, try Filters(on: model.stored).predicate(from: query))
    case .getObject:
      let includes = try Includes(try IncludePaths(from: try query), of: model, in: view)
      guard let id else { throw missing(model) }
      return .get(model, id, includes)
    case .searchObjects:
      return .list(model, try ListQuery(try search(body), on: model, in: view, totalByDefault: hasTotal))
    case .createObject: return try .create(try content(body), model, newID: newID)
    case .patchObject:
      let content = try content(body)
      guard let id else {
        // What is wrong with the body comes before what is not there.
        _ = try content.object(of: model)
        throw missing(model)
      }
      return try .patch(content, model, id)
    case .putObject:
      let content = try content(body)
      guard let id else {
        _ = try content.object(of: model)
        throw APIError(
          .invalidValue, "id: \"\(CutText.cut(match.id ?? ""))\" is refused: it takes a UUID in lower case.")
      }
      return try .put(content, model, id)
    case .deleteObject:
      guard let id else { throw missing(model) }
      return .delete(model, id)
    case .batch, .dataModelJSON, .dataModelXML, .info, .indexes, .oplog, .openAPI, .docs, .listUsers, .getUser,
      .getSession, .lockUser, .unlockUser, .reauthenticate, .wipe, .createAuthenticationToken, .reEnrol, .enrol,
      .getAttachment, .createAttachment, .putAttachment:
      throw APIError.noRoute(head)
    }
  }

  private static let namesOfLists = Route.queryParameters(of: .listObjects)
  private static let namesOfCounts = Route.queryParameters(of: .countObjects)

  /// Filters that lost their `q` and were ignored. A day is a day whatever is set in it.
  private static let lostFilterNotes = DeploymentSlot<OncePerDay>(.deployment)

  /// Refuses filters without their `q`, or passes them over where the deployment is set so.
  private func check(_ query: QueryPairs, for known: [String], on model: ModelView) throws(ClientFault) {
    guard let lost = LostFilter.first(in: query, on: model.stored, besides: known) else { return }
    let setting = DeploymentSetting.lostFilters
    guard deployment.value(of: setting) == LostFilters.ignore.rawValue else {
      throw lost.refused(on: model.stored, unless: "\(setting.rawValue) is \(LostFilters.ignore.rawValue)")
    }
    if deployment.value(in: Self.lostFilterNotes, make: OncePerDay.init).isFirst(at: clock.now) {
      // Without its value, which may be personal.
      tools.log.warning(
        "A list or count of \(model.name) in the deployment \(deployment.id) was asked for with \(lost.name)=…, which is a filter only as \(lost.filter)=…: it was ignored, and every object matches. The setting \(setting.rawValue)=\(LostFilters.refuse.rawValue) refuses such requests. Until tomorrow no more are logged.",
        requestID: head.requestID)
    }
  }

  private func newID() -> ObjectID {
    var random = SystemRandom()
    return .inOrder(atMilliseconds: clock.milliseconds(), using: &random)
  }

  private func missing(_ model: ModelView) -> APIError {
    .objectNotFound(model: model.name, id: match.id ?? "")
  }

  private var query: QueryPairs {
    get throws(APIError) {
      do throws(FormError) {
        return try QueryPairs(head.rawQuery)
      } catch {
        throw APIError(.invalidRequest, "The query string cannot be read: \(error).")
      }
    }
  }

  private func content(_ body: RequestBody) throws(APIError) -> WriteBody {
    guard contentType == .form else { return .json(try json(body)) }
    if body.bytes.isEmpty { throw APIError(.invalidRequest, "The body is empty.") }
    let pairs = try form(body)
    do throws(FormError) {
      return .form(try FormContainer(pairs))
    } catch {
      throw APIError(.invalidRequest, "The form cannot be read: \(error).")
    }
  }

  private func form(_ body: RequestBody) throws(APIError) -> QueryPairs {
    let mark = JSONDocument.byteOrderMark
    if body.bytes.dropFirst(body.bytes.starts(with: mark) ? mark.count : 0).first == UInt8(ascii: "{") {
      throw APIError(
        .invalidRequest, "The body looks like JSON; send it with the header Content-Type: application/json.")
    }
    do throws(FormError) {
      return try QueryPairs(utf8: body.bytes)
    } catch {
      throw APIError(.invalidRequest, "The form cannot be read: \(error).")
    }
  }

  private func search(_ body: RequestBody) throws -> SearchParameters {
    let query = try query
    if body.bytes.isEmpty { return SearchParameters(query: query) }
    if contentType == .json { return try SearchParameters(query: query, json: try json(body).root) }
    return SearchParameters(query: query, form: try form(body))
  }

  private func json(_ body: RequestBody) throws(APIError) -> JSONDocument {
    try JSONDocument.read(body)
  }
}
