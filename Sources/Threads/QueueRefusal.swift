/// Why a queue took nothing.
package enum QueueRefusal: Error, Sendable, Equatable {
  /// As much waits as may.
  case full
  /// The queue was closed.
  case closed
}
