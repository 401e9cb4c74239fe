import Attachments
import Crypto
import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

/// A request whose head is in order: good credentials, a route, a model where it names one, and the permission for it.
/// What is left is the body, the values in it, and the doing.
struct DeploymentRequest: Sendable {
  /// What the handler has for all of them: one object, so that a request carries one reference.
  final class Tools: Sendable {
    let descriptions: DescriptionCache
    let log: any APILog
    let signature: AttachmentSignature

    init(descriptions: DescriptionCache, log: any APILog, signature: AttachmentSignature) {
      (self.descriptions, self.log, self.signature) = (descriptions, log, signature)
    }
  }

  /// What is asked for, with its model found.
  enum Subject: Sendable {
    case object(ObjectRoute, ModelView)
    case batch
    case user(UserRoute)
    case deployment(DeploymentRoute)
    case attachment(AttachmentRoute)
  }

  let context: CallContext
  let calls: ObjectCalls
  let tools: Tools
  let subject: Subject
  /// The data model in which the subject was found.
  let view: DataModelView
  let match: CallMatch

  var head: RequestHead { context.head }
  var deployment: Deployment { context.deployment }
  var answers: AnswerBuilder { context.answers }
  var clock: any WallClock { context.clock }

  /// Route and model (404), permission (403), rate (429), in this order.
  init(
    _ context: CallContext, calls: ObjectCalls, tools: Tools, kind: inout UInt8
  ) throws(APIError) {
    let (head, deployment, caller) = (context.head, context.deployment, context.caller)
    guard let match = context.match else { throw .noRoute(head) }
    kind = RouteLabel.number(of: match.route)
    self.context = context
    self.calls = calls
    self.tools = tools
    self.match = match
    view = calls.view
    subject = try Self.subject(of: match, in: view, context)
    if match.route.writes, !caller.mayWrite {
      throw APIError(.permissionDenied, "The token is read-only: it cannot \(head.method.name) here.")
    }
    if caller.isDevice, let refusal = match.refusal(ofDeviceIn: deployment, head) { throw refusal }
    if let refusal = deployment.limiter.refusal(of: caller, atMilliseconds: context.clock.milliseconds()) {
      throw APIError(refusal)
    }
  }

  private static func subject(
    of match: CallMatch, in view: DataModelView, _ context: CallContext
  ) throws(APIError) -> Subject {
    switch match.kind {
    case .object(let route): return .object(route, try view.model(at: match.values))
    case .batch: return .batch
    case .user(.reEnrol):
      // The deprecated call is there behind a switch, for the app-user model alone.
      let model = try view.model(at: match.values)
      guard context.deployment.isOn(.singleDeviceEnrolment),
        model.name == context.deployment.value(of: .appUser)
      else { throw .noRoute(context.head) }
      return .user(.reEnrol)
    case .user(let route): return .user(route)
    case .deployment(let route): return .deployment(route)
    case .attachment(let route): return .attachment(route)
    }
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

  var query: QueryPairs {
    get throws(APIError) {
      do throws(FormError) {
        return try QueryPairs(head.rawQuery)
      } catch {
        throw APIError(.invalidRequest, "The query string cannot be read: \(error).")
      }
    }
  }

  func newID() -> ObjectID {
    var random = SystemRandom()
    return .inOrder(atMilliseconds: clock.milliseconds(), using: &random)
  }

  /// The addresses of attachments, as this request reaches the server.
  var links: AttachmentLinks {
    AttachmentLinks { [context, signature = tools.signature] in
      AttachmentPrinter(
        base: context.answers.origin, deployment: context.deployment.id, signature: signature, at: context.clock.now)
    }
  }

  func objectContext(under view: DataModelView) -> ObjectContext {
    ObjectContext(view: view, origin: context.caller.origin, session: context.caller.session, links: links)
  }
}

extension DataModelView {
  /// - Throws: `APIError` where the path names a model that there is not.
  func model(at values: PathValues) throws(APIError) -> ModelView {
    guard let model = model(inPath: values.model) else {
      throw APIError(.routeError, "There is no model \"\(CutText.cut(values.model))\" in this deployment.")
    }
    return model
  }
}
