import CMicrohttpd
import Glibc
import Synchronization
import Threads

/// One request and its answer.
///
/// The answer is made by a task and sent by the connection's thread. They meet in `state`:
///
/// 1. The thread takes an answer that is there already (`takeOrSuspend`).
/// 2. Else it suspends the connection, and only then says so under the lock; if the answer came in
///    between, it resumes the connection itself.
/// 3. The task leaves its answer under the lock (`leave`), and resumes a connection that is said to be
///    suspended.
///
/// 4. A task that is about to leave its answer may say so (`comeSoon`): the connection is resumed then, since
///    waking its thread takes as long as making the answer, and the thread waits for it (`takeSoon`).
///
/// So a connection is resumed exactly once for each time it was suspended, and never before:
///
///     connection's thread                 task
///     ---------------------------------   ---------------------------------
///     MHD_suspend_connection
///                                         running → ready, no one to resume
///     ready: MHD_resume_connection
///
///     MHD_suspend_connection
///     running → suspended
///                                         suspended → ready
///                                         MHD_resume_connection
///
/// A body that is streamed meets its tasks here once for each piece: `more` brings the state back to
/// `running`.
final class Exchange: Sendable {
  let head: RequestHead
  /// The site that answers.
  let site: Site
  /// Nanoseconds of the monotonic clock when the head was complete.
  let started: UInt64

  private let state = Mutex(State.running)

  /// `@unchecked Sendable` is safe: the pointer is only handed back to libmicrohttpd's thread-safe
  /// `MHD_resume_connection`, while the connection is suspended and thereby alive.
  private enum State: @unchecked Sendable {
    case running
    case suspended(OpaquePointer)
    /// Its thread was woken for an answer that is about to be left.
    case coming
    case ready(Outcome)
    case taken
  }

  init(head: RequestHead, at site: Site, started: UInt64) {
    self.head = head
    self.site = site
    self.started = started
  }

  /// What is told of a limit of transport that the request broke.
  func failure(_ failure: TransportFailure) -> Response { site.handler.response(to: failure, of: head) }

  enum Outcome: Sendable {
    /// Nil: no answer could be made; the connection is to be closed.
    case answer(PreparedAnswer?)
    /// A piece of the body is done with, the next may come.
    case more
    /// An answer before the body's end.
    case early(Response)
    /// None yet; never left.
    case suspended
  }

  /// On the connection's thread.
  func takeOrSuspend(_ connection: OpaquePointer, idleTimeout: UInt32) -> Outcome {
    if let outcome = take() { return outcome }
    suspend(connection, idleTimeout: idleTimeout)
    return .suspended
  }

  /// On the connection's thread. It goes on when an outcome is there, which it may be already.
  func suspend(_ connection: OpaquePointer, idleTimeout: UInt32) {
    sojourn_http_suspend(connection, idleTimeout)
    let isReady = state.withLock { state in
      switch state {
      case .running, .coming:
        state = .suspended(connection)
        return false
      case .suspended, .ready, .taken:
        if case .suspended = state { assertionFailure("a connection that is suspended was suspended again") }
        return true
      }
    }
    if isReady { MHD_resume_connection(connection) }
  }

  /// The outcome, where there is one.
  func take() -> Outcome? {
    state.withLock { state in
      guard case .ready(let outcome) = state else { return nil }
      if case .more = outcome { state = .running } else { state = .taken }
      return outcome
    }
  }

  /// How long a connection's thread, and so its other connections, wait for an answer that was announced.
  private static let nanosecondsSoon: UInt64 = 60_000

  /// On the thread of a connection that goes on: the outcome, which is there or announced. Nil: it did not
  /// come, and the connection is to be suspended again.
  func takeSoon() -> Outcome? {
    let end = Service.now() &+ Self.nanosecondsSoon
    while true {
      if let outcome = take() { return outcome }
      if Service.now() >= end { return nil }
      sched_yield()
    }
  }

  /// From any thread: the answer is left in a moment.
  func comeSoon() {
    let suspended = state.withLock { state -> OpaquePointer? in
      guard case .suspended(let connection) = state else { return nil }
      state = .coming
      return connection
    }
    if let suspended { MHD_resume_connection(suspended) }
  }

  /// Whether the connection is held up, or has an answer to send: it is not when it reads on.
  var isHeld: Bool {
    state.withLock { state in
      if case .ready(.more) = state { return false }
      return true
    }
  }

  /// Says that nobody waits for an answer any more.
  func abandon() {
    if case .answer(let answer?) = take() { answer.discard() }
    state.withLock { $0 = .taken }
  }

  /// From any thread.
  func leave(_ answer: PreparedAnswer?) { leave(.answer(answer)) }

  /// From any thread. The first outcome counts; one that comes too late is dropped.
  func leave(_ outcome: Outcome) {
    if case .suspended = outcome { assertionFailure("that there is no outcome yet is no outcome") }
    let (accepted, suspended) = state.withLock { state -> (Bool, OpaquePointer?) in
      switch state {
      case .running, .coming:
        state = .ready(outcome)
        return (true, nil)
      case .suspended(let connection):
        state = .ready(outcome)
        // Handing the pointer out of the lock: the connection stays suspended until it is resumed below.
        return (true, connection)
      case .ready, .taken: return (false, nil)
      }
    }
    if let suspended { MHD_resume_connection(suspended) }
    if !accepted, case .answer(let answer) = outcome { answer?.discard() }
  }
}

/// The request's task runs where it is best, and announces its answer.
extension Exchange: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) { ResumingExecutor.enqueue(job, as: self, announce: comeSoon) }
}
