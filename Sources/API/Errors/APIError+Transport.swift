import Attachments
import HTTPServer
import Wire

extension APIError {
  static func noRoute(_ head: RequestHead) -> APIError {
    APIError(.routeError, "There is no route \(head.method.name) \(CutText.cut(head.rawPath)).")
  }

  init(_ failure: TransportFailure) {
    switch failure {
    case .requestLineTooLong(let limit):
      self.init(
        .invalidRequest, "The request line is longer than \(limit) bytes; the setting is SOJOURN_REQUEST_LINE_LIMIT.",
        status: 414)
    case .headTooLarge(let limit):
      self.init(
        .invalidRequest, "The request's headers are longer than \(limit) bytes; the setting is SOJOURN_HEAD_LIMIT.",
        status: 431)
    case .bodyTooLarge(let limit):
      self.init(
        .invalidRequest, "The body is larger than \(limit) bytes; the setting is SOJOURN_BODY_LIMIT.", status: 413)
    case .unknownEncoding(let name):
      self.init(
        .invalidRequest,
        "The Content-Encoding \"\(CutText.cut(name))\" is not read; those are gzip, deflate and identity.", status: 415)
    case .streamTooLarge(let limit): self.init(BlobFault.tooLarge(limit: limit))
    case .malformed(let fault): self.init(.invalidRequest, fault.sentence)
    case .unreadable(let status): self = .unreadable(status)
    case .brokenEncoding:
      self.init(.invalidRequest, "The body is not what its Content-Encoding says, or ends early.")
    case .busy:
      self.init(.unavailable, "All memory for bodies is in use. Try again in a moment.", retryAfter: 1)
    case .draining: self.init(.unavailable, "The server is shutting down.", retryAfter: 1)
    case .unexpected: self.init(.internalError, APIError.internalDetail)
    }
  }
}

extension APIError {
  /// What the HTTP library could not read or hold: its statuses, in our words.
  private static func unreadable(_ status: Int) -> APIError {
    let detail =
      switch status {
      case 413: "The length of the body, or of a chunk of it, is a number beyond 64 bits."
      case 414: "The request line is longer than the setting SOJOURN_REQUEST_LINE_LIMIT allows."
      case 431:
        "The request's headers are longer than the setting SOJOURN_HEAD_LIMIT allows, or there are hundreds of them."
      case 505: "HTTP/1.1 and HTTP/1.0 are served here."
      default:
        "The request cannot be read: a header without a colon, a Content-Length that is no number, or broken chunks."
      }
    return APIError(.invalidRequest, detail, status: status)
  }
}
