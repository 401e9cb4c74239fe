/// Why storage could not do what was asked. The detail is for the log, never for a client.
package enum StorageError: Error, Sendable, Equatable {
  /// Too much waits already. Try again soon.
  case busy
  /// The disk is full or failing; nothing of the plan was done.
  case unavailable(String)
  /// The statement ran past its time limit.
  case timeLimit(seconds: Int)
  /// The store is closing.
  case closed
  /// What lies in the file contradicts itself, or a fault of ours.
  case broken(String)
  /// The data directory or file cannot be used; the sentence says why and what to do.
  case unusable(String)
}
