import Attachments
import HTTPServer
import QueryLanguage
import Storage

/// Whatever is thrown on a request's way, as the answer to it.
extension CommonAnswers {
  func answering(_ answers: AnswerBuilder, _ body: () async throws -> Response) async -> Response {
    do {
      return try await body()
    } catch {
      return response(to: error, answers)
    }
  }

  /// The same for a part of a request, after which there need not be an answer yet.
  func answering(_ answers: AnswerBuilder, _ body: () async throws -> Response?) async -> Response? {
    do {
      return try await body()
    } catch {
      return response(to: error, answers)
    }
  }

  func response(to error: any Error, _ answers: AnswerBuilder) -> Response {
    let head = answers.head
    switch error {
    case let error as APIError: return answers.response(to: error)
    // They were good: it is nobody's guess, so the brake does not hear of it.
    case let ended as CredentialsEnded: return answers.denied(realm: ended.deploymentID, state: ended.state)
    case let fault as ClientFault: return answers.response(to: APIError(fault))
    case let error as StorageError:
      note(error, head)
      return answers.response(to: APIError(error))
    case let fault as BlobFault:
      if case .unavailable(let reason) = fault { log.fault(reason, requestID: head.requestID) }
      return answers.response(to: APIError(fault))
    default:
      log.fault("unexpected: \(error)", requestID: head.requestID)
      return answers.response(to: APIError(.internalError, APIError.internalDetail))
    }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable(let reason), .broken(let reason), .unusable(let reason):
      log.fault(reason, requestID: head.requestID)
    case .outcomeUnknown, .tooManyFiles, .noRoomForAnswer: log.fault(error.sentence, requestID: head.requestID)
    case .busy, .closed, .timeLimit, .rowTooLarge, .sessionEnded, .leaseLost, .webhookChanged, .uploadOutdated, .replan:
      break
    }
  }
}
