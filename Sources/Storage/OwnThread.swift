import Glibc
import Synchronization

/// A thread for blocking work, which must never run on the threads that Swift's tasks share.
package final class OwnThread: Sendable {
  private let handle: pthread_t
  private let isJoined = Mutex(false)

  /// Starts at once.
  package init(_ body: @escaping @Sendable () -> Void) throws(StorageError) {
    let start = Unmanaged.passRetained(Start(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw .unavailable("no thread could be started: \(String(cString: strerror(code)))")
    }
    self.handle = handle
  }

  /// Waits until the body has ended. Never on the thread itself.
  package func join() {
    isJoined.withLock {
      if !$0 { pthread_join(handle, nil) }
      $0 = true
    }
  }

  /// A thread that nobody waited for runs on to its end, and cleans up after itself.
  deinit {
    if !isJoined.withLock({ $0 }) { pthread_detach(handle) }
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
