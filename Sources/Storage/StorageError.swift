import Wire

/// Why storage could not do what was asked. The detail is for the log, never for a client.
package enum StorageError: Error, Sendable, Equatable {
  /// Too much waits already. Try again soon.
  case busy
  /// The disk is full or failing; nothing of the plan was done.
  case unavailable(String)
  /// The statement ran past its time limit.
  case timeLimit(seconds: Int)
  /// The session of the device that writes is not enrolled any more; nothing of the plan was done.
  case sessionEnded(SessionState)
  /// The store is closing.
  case closed
  /// What lies in the file contradicts itself, or a fault of ours.
  case broken(String)
  /// The data directory or file cannot be used; the sentence says why and what to do.
  case unusable(String)
}

extension StorageError {
  /// For the log and for administrators.
  package var sentence: String {
    switch self {
    case .busy: "Storage is busy. Try again in a moment."
    case .unavailable(let reason): "Storage cannot take it: \(reason)."
    case .timeLimit(let seconds): "It ran longer than \(seconds) seconds and was stopped."
    case .sessionEnded(let state): "The device's session is \(state.rawValue)."
    case .closed: "The server is shutting down. Try again when it has ended."
    case .broken(let reason): "The data contradicts itself: \(reason)."
    case .unusable(let sentence): sentence
    }
  }
}

extension OwnThread {
  /// A thread without which storage cannot work.
  package static func forStorage(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(StorageError) -> OwnThread {
    do {
      return try OwnThread(named: name, body)
    } catch {
      throw .unavailable(error.description)
    }
  }
}
