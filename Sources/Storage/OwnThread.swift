import Glibc

/// A thread for blocking work, which must never run on the threads that Swift's tasks share.
package final class OwnThread: Sendable {
  private let handle: pthread_t

  /// Starts at once. `name` shows in `top -H`; fifteen characters at most.
  package init(name: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
    let start = Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        pthread_setname_np(pthread_self(), start.name)
        start.body()
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
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
