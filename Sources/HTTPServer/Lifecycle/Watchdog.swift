import Threads
import Glibc
import Synchronization

/// Looks at all connections once a second, and cuts those that are over.
///
/// `@unchecked Sendable` is safe: `thread` is written before anyone else sees the object, and by the one
/// who stops it.
final class Watchdog: @unchecked Sendable {
  private let wakeup: Wakeup
  private var thread: OwnThread?

  /// `tickMilliseconds` is a second, but for tests that will not wait that long.
  init(_ service: Service, tickMilliseconds: Int) throws(ServerError) {
    wakeup = try Wakeup()
    thread = try? OwnThread(named: "http-watchdog") { [wakeup] in
      while !wakeup.wait(milliseconds: tickMilliseconds) {
        service.connections.enforce(now: Int64(Service.now() / 1_000_000), limits: service.limits)
      }
    }
    if thread == nil { throw .library("the system has no thread left to start the server with") }
  }

  func stop() {
    wakeup.wake()
    thread?.join()
    thread = nil
  }
}
