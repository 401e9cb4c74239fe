import CMicrohttpd
import Glibc

/// A thread of the system for work that waits in system calls, which must not hold up Swift's own few.
///
/// `@unchecked Sendable` is safe: the handle is written once, before anyone else sees the object, and
/// `isJoined` by the one who joins.
final class SystemThread: @unchecked Sendable {
  private var handle = pthread_t()
  private var isJoined = false

  private final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Nil when the system has no thread left. `name` is cut at 15 bytes.
  init?(named name: String, _ body: @escaping @Sendable () -> Void) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    let status = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        sojourn_name_thread(String(start.name.prefix(15)))
        start.body()
        return nil
      }, start.toOpaque())
    if status != 0 {
      start.release()
      isJoined = true
      return nil
    }
  }

  deinit { if !isJoined { pthread_detach(handle) } }

  /// Waits for its end. To be called once.
  func join() {
    pthread_join(handle, nil)
    isJoined = true
  }
}
