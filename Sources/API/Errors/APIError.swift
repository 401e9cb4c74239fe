import Attachments
import Deployments
import Objects
import QueryLanguage
import Storage
import Wire

/// An error as it is answered. Its detail is for the client: it holds nothing internal.
package struct APIError: Error, Sendable, Equatable {
  package var type: ErrorType
  package var status: Int
  package var detail: String
  /// Seconds, for `Retry-After`.
  package var retryAfter: Int?

  package init(_ type: ErrorType, _ detail: String, status: Int? = nil, retryAfter: Int? = nil) {
    self.type = type
    self.status = status ?? type.status ?? 500
    self.detail = detail
    self.retryAfter = retryAfter
  }

  package init(_ fault: ClientFault) {
    switch fault {
    case .request(let detail): self.init(.invalidRequest, detail)
    case .value(let detail): self.init(.invalidValue, detail)
    }
  }

  /// What storage could not do, without its reasons; those are for the log.
  package init(_ error: StorageError) {
    switch error {
    case .busy: self.init(.unavailable, "Too many requests wait for storage. Try again in a moment.", retryAfter: 1)
    case .unavailable:
      self.init(.unavailable, "Storage cannot take this at the moment. Nothing of the request was done.", retryAfter: 5)
    case .outcomeUnknown:
      self.init(
        .unavailable,
        "The end of this write was not confirmed in time: it may be done or not. Look before you repeat it.",
        retryAfter: 5)
    case .tooManyFiles:
      self.init(.unavailable, "The server may have no more files open at the moment. Try again soon.", retryAfter: 5)
    case .noRoomForAnswer:
      self.init(
        .unavailable,
        "The server's disk is full, and the memory that large answers may take instead is in use. Try again soon, or ask "
          + "for less at a time with limit.", retryAfter: 5)
    case .rowTooLarge:
      self.init(
        .invalidValue,
        "An object has more values than storage keeps of one: each field that has one takes up to 24 bytes of some 8,000. "
          + "Nothing of the request was done.")
    case .sessionEnded: self.init(.permissionDenied, "The device is signed out.")
    case .replan:
      self.init(
        .unavailable,
        "Data models were deployed again and again while the request waited. Nothing of it was done. Try again.",
        retryAfter: 1)
    case .leaseLost, .webhookChanged, .uploadOutdated:
      self.init(.unavailable, "Somebody else changed it meanwhile. Nothing was done. Try again.", retryAfter: 1)
    case .closed: self.init(.unavailable, "The server is shutting down.", retryAfter: 1)
    case .timeLimit(let seconds): self = .timeLimit(seconds, hint: nil)
    case .unusable: self = .unusable
    case .broken: self.init(.internalError, Self.internalDetail)
    }
  }

  init(_ refusal: RateLimiter.Refusal) {
    let (owner, setting) =
      refusal.isUsers ? ("This user's devices", "user_rate") : ("This deployment's clients", "rate")
    self.init(
      .tooManyRequests,
      "\(owner) may make \(ECMAScriptNumber.text(of: refusal.limit.rate)) requests a second and \(refusal.limit.burst) "
        + "at once; the settings are \(setting)_limit and \(setting)_burst. Try again in \(refusal.seconds) s.",
      retryAfter: refusal.seconds)
  }

  /// The same of the bytes of attachments.
  package init(_ fault: BlobFault) {
    switch fault {
    case .unavailable:
      self.init(
        .unavailable, "The bytes of attachments cannot be kept or read at the moment. Nothing of the request was done.",
        retryAfter: 5)
    case .missing: self.init(.objectNotFound, "The attachment's bytes are not there.")
    case .tooLarge(let limit):
      self.init(
        .invalidRequest, "The attachment is larger than \(limit) bytes; the setting is SOJOURN_ATTACHMENT_LIMIT.",
        status: 413)
    case .closed: self.init(StorageError.closed)
    }
  }

  /// A read was stopped; the hint says what would make it fast.
  static func timeLimit(_ seconds: Int, hint: IndexHint?) -> APIError {
    let help = hint?.sentence ?? "An index on the fields that it filters and sorts by would help."
    return APIError(
      .unavailable, "The request ran longer than \(seconds) seconds and was stopped. \(help)", retryAfter: 1)
  }

  /// What a client is told of data that cannot be opened, before someone has mended it.
  static let unusable = APIError(
    .unavailable, "The data of this deployment cannot be used at the moment. The server's log says why.",
    retryAfter: 60)

  /// All that a client is told of a fault of ours.
  package static let internalDetail = "The server's log has the reason under this request's id."

  static func objectNotFound(model: String, id: String) -> APIError {
    APIError(.objectNotFound, "There is no \(model) with the id \"\(CutText.cut(id))\".")
  }

  /// An id of a path that none is.
  static func noID(_ text: String) -> APIError {
    APIError(.invalidValue, "id: \"\(CutText.cut(text))\" is refused: it takes a UUID in lower case.")
  }

  static func idInUse(model: String, id: String) -> APIError {
    APIError(.invalidValue, "id: there is a \(model) with the id \"\(CutText.cut(id))\" already.")
  }

  /// The object is not as the request wants it; `sequence` is that of its last write, nil where there is none.
  static func stale(model: String, id: String, sequence: Int64?) -> APIError {
    let name = "\(model) with the id \"\(CutText.cut(id))\""
    guard let sequence else { return APIError(.conflict, "There is no \(name). Nothing of this was done.") }
    return APIError(
      .conflict, "The \(name) has changed: its last write has the sequence \(sequence). Nothing of this was done.")
  }

  static let skipped = APIError(
    .operationSkipped, "Another operation of this batch failed before it, or undid it.", status: 200)

  /// Appends `{"type", "title", "detail", "see"}`.
  func append(to writer: inout ByteWriter, documentation: String) {
    writer.append("{\"type\":")
    writer.append(quoted: type.rawValue)
    writer.append(",\"title\":")
    writer.append(quoted: type.title)
    writer.append(",\"detail\":")
    writer.append(quoted: detail)
    writer.append(",\"see\":")
    writer.append(quoted: "\(documentation)#\(type.rawValue)")
    writer.append("}")
  }
}
