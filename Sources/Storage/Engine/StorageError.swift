import Crypto
import Threads
import Wire

/// Why storage could not do what was asked. The detail is for the log, never for a client.
package enum StorageError: Error, Sendable, Equatable {
  /// Too much waits already. Try again soon.
  case busy
  /// The disk is full or failing; nothing of the plan was done.
  case unavailable(String)
  /// The write was sent and its end not confirmed: it may be done or not. Nobody could find out in time.
  case outcomeUnknown(String)
  /// The process may have no more files open.
  case tooManyFiles
  /// The disk takes no temporary file of an answer, and the memory that answers may take instead, in bytes, is in use.
  case noRoomForAnswer(limit: Int)
  /// An object has more values than the engine keeps in one row; nothing of the plan was done.
  case rowTooLarge
  /// The statement ran past its time limit.
  case timeLimit(seconds: Int)
  /// The session of the device that writes is not enrolled any more; nothing of the plan was done.
  case sessionEnded(SessionState)
  /// It was planned under another data model than the one in force, which has this version; nothing of it was done.
  /// The store that says so knows that data model.
  case replan(version: Int)
  /// Another process holds the lease under which this was to be written; nothing of the plan was done.
  case leaseLost(String)
  /// The bytes of an attachment that the plan brings were being removed when its turn came; nothing of it was done.
  /// They are to be kept again, as `AttachmentKeeping.target` then says.
  case uploadOutdated(ContentHash)
  /// Somebody else has changed the webhook of this name meanwhile; nothing of the change was kept.
  case webhookChanged(String)
  /// The store is closing.
  case closed
  /// What is stored contradicts itself, or a fault of ours.
  case broken(String)
  /// The data cannot be used; the sentence says why and what to do.
  case unusable(String)
}

extension StorageError: ExplainedError {
  /// For the log and for administrators.
  package var sentence: String {
    switch self {
    case .busy: "Storage is busy. Try again in a moment."
    // A reason may end with a question to whoever reads it.
    case .unavailable(let reason): "Storage cannot take it: \(reason)\(reason.hasSuffix("?") ? "" : ".")"
    case .outcomeUnknown(let reason):
      "The end of the write was not confirmed, so that it may be done or not: \(Sentence.ended(reason))"
    case .tooManyFiles:
      "This process may have no more files open than it has: the hard limit (RLIMIT_NOFILE) is "
        + "\(OpenFileLimit.now.hard). \(OpenFileLimit.now.advice(wanted: nil))"
    case .noRoomForAnswer(let limit):
      "The disk takes no temporary files of answers, and the \(limit >> 20) MiB of memory that all answers together may "
        + "take instead (SOJOURN_ANSWER_MEMORY) are in use."
    case .rowTooLarge:
      "An object has more values than the database keeps of one. Nothing was done. Spread its fields over several models."
    case .timeLimit(let seconds): "It ran longer than \(seconds) seconds and was stopped."
    case .sessionEnded(let state): "The device's session is \(state.rawValue)."
    case .replan(let version):
      "It was planned under another data model than the one in force, which is number \(version) of the deployment. "
        + "Nothing of it was done. Try again."
    case .leaseLost(let name): "Another process holds the lease «\(name)» now."
    case .uploadOutdated: "The bytes of an attachment were being removed while they came. Try again."
    case .webhookChanged(let name): "The webhook «\(name)» was changed by somebody else meanwhile. Try again."
    case .closed: "The server is shutting down. Try again when it has ended."
    case .broken(let reason): "The data contradicts itself: \(reason)."
    case .unusable(let sentence): sentence
    }
  }
}

extension StorageError {
  package init(_ refusal: QueueRefusal) {
    self =
      switch refusal {
      case .full: .busy
      case .closed: .closed
      }
  }
}

extension BlockingThreads {
  /// Threads without which storage cannot work; see the initialiser.
  package static func forStorage(
    count: Int, eager: Int? = nil, waiting limit: Int = 2048, named name: String = "reader", givesWay: Bool = false
  ) throws(StorageError) -> BlockingThreads {
    do {
      return try BlockingThreads(count: count, eager: eager, waiting: limit, named: name, givesWay: givesWay)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  /// The same as `run`, for storage.
  /// - Throws: `StorageError.busy` when too much waits already, `closed` after `close`, or what `body` throws.
  package func runForStorage<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    do {
      return try await run(body)
    } catch let refusal as QueueRefusal {
      throw StorageError(refusal)
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
