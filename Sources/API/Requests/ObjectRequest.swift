import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

/// A request on the objects of a model, or a batch: decodes the call, performs it and dresses what comes of it.
struct ObjectRequest: Sendable {
  enum Subject: Sendable {
    case model(ObjectRoute, ModelView)
    case batch
  }

  let request: DeploymentRequest
  private(set) var subject: Subject
  /// The data model that all of it is performed under. Should another one be deployed before storage does its part, all
  /// from the model on is done anew, under that one.
  private(set) var view: DataModelView
  let contentType: ContentType

  /// Content type (415).
  init(_ request: DeploymentRequest, on subject: Subject) throws(APIError) {
    self.request = request
    self.subject = subject
    view = request.view
    contentType = try ContentType.read(request.head.headers["content-type"], for: request.match.route.body)
  }

  /// The same request under a data model that was deployed meanwhile.
  private func under(_ view: DataModelView) throws(APIError) -> ObjectRequest {
    var request = self
    request.view = view
    if case .model(let route, _) = subject {
      request.subject = .model(route, try view.model(at: self.request.match.values))
    }
    return request
  }

  /// - Throws: `APIError`, `CredentialsEnded`, `ClientFault`, `StorageError`.
  func answer(_ body: RequestBody) async throws -> Response { try dressed(try await outcome(body)) }

  /// The answer to a GET of one object that embeds nothing, where it can be read without waiting: a point read costs
  /// less than a task. Nil for all else and for what goes wrong: the long way says it.
  func answerAtOnce() -> Response? {
    guard case .model(.get, let model) = subject, request.head.rawQuery == nil, !request.head.hasBody,
      let id = ObjectID(request.match.values.id), request.context.isCurrent,
      let found = try? request.calls.objectAtOnce(model, id, in: request.objectContext(under: view))
    else { return nil }
    switch found {
    case .found(let read): return answer(read.answer, sequence: read.sequence, nextSequence: read.nextSequence)
    case .missing: return request.answers.response(to: missing(model))
    }
  }

  private func outcome(_ body: RequestBody) async throws -> ObjectOutcome {
    do {
      return try await perform(body)
    } catch StorageError.replan {
      return try await request.calls.planning(anew: true) { try await under($0).perform(body) }
    }
  }

  private func perform(_ body: RequestBody) async throws -> ObjectOutcome {
    let call = try call(body)
    do {
      return try await request.calls.perform(
        call, in: request.objectContext(under: view), admitted: request.context.check)
    } catch StorageError.timeLimit(let seconds) {
      throw APIError.timeLimit(seconds, hint: IndexHint(call))
    }
  }

  private func dressed(_ outcome: ObjectOutcome) throws -> Response {
    let answers = request.answers
    switch outcome {
    case .answer(let answer, let nextSequence): return answers.json(answer, nextSequence: nextSequence)
    case .object(let object, let sequence, let nextSequence):
      return answer(object, sequence: sequence, nextSequence: nextSequence)
    case .page(let answer, let nextSequence, let next):
      return answers.json(answer, nextSequence: nextSequence, next: next.flatMap(link))
    case .deleted: return answers.dressed(Response(status: 200, headers: [("Cache-Control", "no-store")]))
    case .batch(let batch, let outcomes):
      let block = BatchAnswer.block(batch, outcomes, documentation: answers.documentation)
      return answers.json(.memory(block))
    case .missing(let model, let id): throw APIError.objectNotFound(model: model, id: id.description)
    case .idInUse(let model, let id): throw APIError.idInUse(model: model, id: id.description)
    case .stale(let model, let id, let sequence):
      throw APIError.stale(model: model, id: id.description, sequence: sequence)
    }
  }

  /// One object with its tag; 304 where the client has it.
  private func answer(_ object: RenderedAnswer, sequence: Int64, nextSequence: Int64?) -> Response {
    var response = request.context.answers.json(object, nextSequence: nextSequence)
    response.tag = NumberTag(sequence)
    guard case .model(.get, _) = subject, let held = request.head.held(sequence), !embeds else { return response }
    return response.notModified(as: held)
  }

  /// Whether the answer has objects in it that the tag of the one does not speak of.
  private var embeds: Bool {
    guard request.head.rawQuery != nil, let query = try? request.query else { return false }
    return (try? IncludePaths(from: query))?.paths.isEmpty == false
  }

  /// Only a page that was asked for by its address has another one to go on at.
  private func link(after cursor: String) -> NextLink? {
    guard case .model(.list, _) = subject else { return nil }
    return NextLink(request.head, after: cursor)
  }
}
