/// A limit of transport that a request broke (api.md section 2).
package enum TransportFailure: Error, Equatable {
  case requestLineTooLong(limit: Int)  // 414
  case headTooLarge(limit: Int)  // 431
  case bodyTooLarge(limit: Int)  // 413
  /// The same of a body that is streamed, which has a limit of its own.  413
  case streamTooLarge(limit: Int)
  /// The head leaves in doubt what is asked for.  400
  case malformed(HeadFault)
  /// The HTTP library could not read the request or hold it; its own status is 400, 413, 414, 431 or 505.
  case unreadable(status: Int)
  /// The body's `Content-Encoding` is none of gzip, deflate and identity.  415
  case unknownEncoding(String)
  /// The body is not what its `Content-Encoding` says, or ends early.  400
  case brokenEncoding
  /// All memory for bodies is in use.  503
  case busy
  /// No answer came: the handler is shutting down.  503
  case draining
  /// The connection was called in a way that it cannot be: a fault of the server, in a sentence for its log.  500
  case unexpected(String)
}
