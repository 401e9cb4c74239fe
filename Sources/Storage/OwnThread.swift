import Glibc

/// A thread for blocking work, which must never run on the threads that Swift's tasks share.
package final class OwnThread: Sendable {
  private let handle: pthread_t

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

  /// Waits until the body has ended. Once only.
  package func join() { pthread_join(handle, nil) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
