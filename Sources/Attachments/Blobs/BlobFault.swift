import Wire

/// Why bytes could not be kept or brought. The reason is for the log, never for a client.
package enum BlobFault: Error, Sendable, Equatable {
  /// The disk is full or failing, or the object store does not answer as it should.
  case unavailable(String)
  /// There are no such bytes.
  case missing
  /// More bytes than the limit came.
  case tooLarge(limit: Int)
  /// The store is closing.
  case closed
}

extension BlobFault: ExplainedError {
  /// For the log and for administrators.
  package var sentence: String {
    switch self {
    case .unavailable(let reason): "Attachments cannot be kept or read: \(reason)."
    case .missing: "The bytes of an attachment are missing."
    case .tooLarge(let limit): "An attachment has more than \(limit) bytes."
    case .closed: "The server is shutting down. Try again when it has ended."
    }
  }
}
