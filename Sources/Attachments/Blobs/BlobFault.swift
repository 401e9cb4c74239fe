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
