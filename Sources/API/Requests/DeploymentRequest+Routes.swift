import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

/// The routes of a deployment as a whole, and those of its app users.
extension DeploymentRequest {
  func answer(to route: DeploymentRoute) async throws -> Response {
    let own = DeploymentAnswers(deployment: deployment, head: head)
    switch route {
    case .dataModelJSON: return answers.dressed(own.dataModelJSON())
    case .dataModelXML: return answers.dressed(own.dataModelXML())
    case .info: return answers.json(.memory(own.info()))
    case .indexes: return answers.json(.memory(try await own.indexes()))
    case .oplog:
      let feed = Feed(calls, appID: deployment.record.appID, clock: clock, links: links)
      return answers.json(try await feed.read(try FeedQuery(from: try query), admitted: context.checkWait))
    case .openAPI: return await description(.openAPI(forms: try hasForms), own)
    case .docs: return await description(.page, own)
    }
  }

  /// The parameter `forms` of the OpenAPI document.
  private var hasForms: Bool {
    get throws {
      for pair in try query.pairs.reversed() where pair.path[0] == "forms" {
        return try PageBounds.flag(pair) ?? true
      }
      return true
    }
  }

  private func description(_ kind: DescriptionCache.Kind, _ own: DeploymentAnswers) async -> Response {
    let made = await tools.descriptions.document(kind, of: deployment, origin: answers.origin)
    let headers = kind == .page ? HTMLPage.headers : [(name: "Content-Type", value: TextType.json)]
    return answers.dressed(own.tagged(made.block, made.tag, headers: headers))
  }

  func answer(to route: UserRoute) async throws -> Response {
    let users = UserAnswers(deployment: deployment, calls: calls, clock: clock, answers: answers)
    let (id, session) = (match.values.id, match.values.session)
    let answer =
      switch route {
      case .list: try await users.list(try query)
      case .get: try await users.user(id)
      case .lock: try await users.lock(id)
      case .unlock: try await users.unlock(id)
      case .createToken: try await users.createToken(for: id)
      case .reEnrol: try await users.reEnrol(id)
      case .getSession: try await users.session(session, of: id)
      case .reauthenticate: try await users.reauthenticate(session, of: id)
      case .wipe: try await users.wipe(session, of: id)
      }
    return answers.json(answer)
  }
}
