import Accounts
import Glibc
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Synchronization
import Wire

/// Answers requests: the five steps of one stand in `verdict` and `CallDecoder`, `ObjectCalls` and
/// `AnswerBuilder` in the order in which they happen.
///
/// The order of checks is that of api.md section 5: preflight, credentials, deployment, route and
/// model, permission, content type; then, once the body is there, body, values and existence.
package final class APIHandler: Handler {
  private let accounts: Accounts
  private let clock: any WallClock
  private let log: any APILog
  private let publicURL: String?
  private let webhookKey: @Sendable (String) -> String?
  private let brake = FailureBrake()
  private let memory: ReadingMemory
  private let descriptions: DescriptionCache
  /// By deployment, with the account that they belong to: a deployment can be deleted and made again.
  private let calls = Mutex<[String: (account: Account, calls: ObjectCalls)]>([:])

  /// `publicURL` begins every URL that answers print; nil takes the request's scheme and host. `limits`
  /// are those of the server, for the documentation. `readingMemory` bounds what reading bodies takes at
  /// once, in bytes. `webhookKey` knows the public key of a deployment's webhooks, as PEM.
  package init(
    accounts: Accounts, clock: any WallClock, log: any APILog, publicURL: String?,
    limits: TransportLimits = TransportLimits(), readingMemory: Int = 512 << 20,
    webhookKey: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.accounts = accounts
    self.clock = clock
    self.log = log
    self.publicURL = publicURL
    self.webhookKey = webhookKey
    memory = ReadingMemory(limit: readingMemory)
    descriptions = DescriptionCache(limits: limits)
  }

  // MARK: Handler

  package func verdict(on head: RequestHead) -> Verdict {
    let path: RoutePath
    do throws(APIError) {
      path = try RoutePath(head.rawPath)
    } catch {
      return .answer(answers(head, account: nil).response(to: error))
    }
    switch path {
    case .other(let segments): return .answer(general(segments, head))
    case .deployment(let id, let rest):
      let account = accounts[id]
      let unusable = account == nil ? accounts.unusable(id) : nil
      if head.method == .options {
        let allowed = account?.origins ?? unusable?.origins
        return .answer(CrossOrigin.preflight(head, allowed: allowed ?? AllowedOrigins("*")))
      }
      if let unusable { return verdict(on: head, unusable: unusable) }
      return verdict(on: head, deployment: id, account: account, rest: rest)
    }
  }

  package func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    answers(head, account: nil).response(to: APIError(failure))
  }

  package func finished(_ exchange: FinishedExchange) { log.request(exchange) }

  // MARK: Checks on the head

  private func verdict(
    on head: RequestHead, deployment id: String, account: Account?, rest: [String]
  ) -> Verdict {
    let answers = answers(head, account: account)
    let known = head.headers.withFirst("authorization") { account?.knownCaller(from: $0, at: clock.now) } ?? nil
    if let account, let known { return verdict(on: head, by: known, of: account, rest: rest, answers) }
    guard let credentials = Credentials(authorization: head.headers["authorization"]) else {
      return denied(id, head, answers)
    }
    guard let account else {
      return .answer(
        answers.response(to: APIError(.accountNotFound, "There is no deployment \"\(CutText.cut(id))\".")))
    }
    let caller = head.headers.withFirst("authorization") {
      account.caller(with: credentials, from: $0, at: clock.now)
    }
    guard let caller = caller ?? nil else { return denied(id, head, answers) }
    return verdict(on: head, by: caller, of: account, rest: rest, answers)
  }

  /// What is left to check once the credentials are good.
  private func verdict(
    on head: RequestHead, by caller: Caller, of account: Account, rest: [String], _ answers: AnswerBuilder
  ) -> Verdict {
    var answers = answers
    answers.feed = account.store.feed
    do throws(APIError) {
      let request = try DeploymentRequest(
        head: head, rest: rest, account: account, caller: caller, calls: calls(of: account),
        descriptions: descriptions, clock: clock)
      return .read { [self, answers] body in await respond(to: request, body: body, answers: answers) }
    } catch {
      return .answer(answers.response(to: error))
    }
  }

  /// A deployment that could not be opened says so to those who may come in, and nothing to others.
  private func verdict(on head: RequestHead, unusable: UnusableDeployment) -> Verdict {
    let answers = AnswerBuilder(head: head, origins: unusable.origins, publicURL: publicURL)
    guard let credentials = Credentials(authorization: head.headers["authorization"]),
      unusable.caller(with: credentials, at: clock.now) != nil
    else { return denied(unusable.id, head, answers) }
    return .answer(answers.response(to: .unusable))
  }

  /// The one error that is not JSON.
  private func denied(_ deployment: String, _ head: RequestHead, _ answers: AnswerBuilder) -> Verdict {
    let response = answers.denied(realm: deployment)
    guard brake.isToWait(head.remoteAddress, atMilliseconds: clock.milliseconds()) else {
      return .answer(response)
    }
    return .read { _ in
      try? await Task.sleep(for: .milliseconds(FailureBrake.delayMilliseconds))
      return response
    }
  }

  private func calls(of account: Account) -> ObjectCalls {
    calls.withLock { calls in
      if let found = calls[account.id], found.account === account { return found.calls }
      // Deployments that were deleted are forgotten when there are many.
      if calls.count > 1000 { calls.removeAll() }
      let made = ObjectCalls(store: account.store, spoolDirectory: accounts.engine.spoolDirectory)
      calls[account.id] = (account, made)
      return made
    }
  }

  // MARK: Answering

  private func respond(
    to request: DeploymentRequest, body: RequestBody, answers: AnswerBuilder
  ) async -> Response {
    do {
      return try await memory.reading(body.bytes.count) { try await request.answer(body, answers) }
    } catch let error as APIError {
      return answers.response(to: error)
    } catch let fault as ClientFault {
      return answers.response(to: APIError(fault))
    } catch let error as StorageError {
      note(error, request.head)
      return answers.response(to: APIError(error))
    } catch {
      log.fault("unexpected: \(error)", requestID: request.head.requestID)
      return answers.response(to: APIError(.internalError, APIError.internalDetail))
    }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable(let reason), .broken(let reason), .unusable(let reason):
      log.fault(reason, requestID: head.requestID)
    case .busy, .closed, .timeLimit: break
    }
  }

  private func answers(_ head: RequestHead, account: Account?) -> AnswerBuilder {
    AnswerBuilder(head: head, origins: account?.origins, publicURL: publicURL)
  }

  /// What lies outside `/api/`, for everyone.
  private func general(_ segments: [String], _ head: RequestHead) -> Response {
    guard head.method == .get || head.method == .head else {
      return answers(head, account: nil).response(to: .noRoute(head))
    }
    switch segments {
    case ["health", "live"], ["health", "ready"]:
      return Response(
        status: 200, headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        body: .block(ByteBlock(Array("{\"status\":\"ok\"}".utf8))))
    case ["docs", "errors"]: return ErrorsPage.response
    case [".well-known", "sojourn", "webhook-key.pem"]: return webhookKey(head)
    default: return answers(head, account: nil).response(to: .noRoute(head))
    }
  }
}

extension APIHandler {
  /// The key that receivers of webhooks verify signatures with (webhooks.md «The request»).
  private func webhookKey(_ head: RequestHead) -> Response {
    let query = try? QueryPairs(head.rawQuery)
    let deployment = query?.pairs.last { $0.path == ["deployment"] && !$0.appends }?.value ?? ""
    guard let pem = webhookKey(deployment) else {
      return answers(head, account: nil).response(
        to: APIError(
          .routeError,
          "There is no key for the deployment \"\(CutText.cut(deployment))\": it is made when a webhook is enabled first."
        ))
    }
    return Response(
      status: 200, headers: [("Content-Type", "application/x-pem-file"), ("Cache-Control", "max-age=300")],
      body: .block(ByteBlock(Array(pem.utf8))))
  }
}

extension APIError {
  static func noRoute(_ head: RequestHead) -> APIError {
    APIError(.routeError, "There is no route \(head.method.name) \(CutText.cut(head.rawPath)).")
  }

  init(_ failure: TransportFailure) {
    switch failure {
    case .requestLineTooLong(let limit):
      self.init(.invalidRequest, "The request line is longer than \(limit) bytes.", status: 414)
    case .headTooLarge(let limit):
      self.init(.invalidRequest, "The request's headers are longer than \(limit) bytes.", status: 431)
    case .bodyTooLarge(let limit):
      self.init(
        .invalidRequest, "The body is larger than \(limit) bytes; the setting is SOJOURN_BODY_LIMIT.", status: 413)
    case .unknownEncoding(let name):
      self.init(
        .invalidRequest,
        "The Content-Encoding \"\(CutText.cut(name))\" is not read; those are gzip, deflate and identity.", status: 415)
    case .brokenEncoding:
      self.init(.invalidRequest, "The body is not what its Content-Encoding says, or ends early.")
    case .busy:
      self.init(.unavailable, "All memory for bodies is in use. Try again in a moment.", retryAfter: 1)
    case .draining: self.init(.unavailable, "The server is shutting down.", retryAfter: 1)
    }
  }
}

extension Method {
  package var name: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .other(let token): CutText.cut(token)
    }
  }
}
