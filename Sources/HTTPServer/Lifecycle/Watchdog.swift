import Synchronization
import Glibc

/// Looks at all connections once a second, and cuts those that are over.
final class Watchdog: @unchecked Sendable {
  private let isStopped = Atomic<Bool>(false)
  private var thread: SystemThread?

  /// `tickMilliseconds` is a second, but for tests that will not wait that long.
  init(_ service: Service, tickMilliseconds: Int) throws(ServerError) {
    thread = SystemThread(named: "http-watchdog") { [unowned self] in
      while !isStopped.load(ordering: .relaxed) {
        usleep(UInt32(tickMilliseconds * 1000))
        service.connections.enforce(now: Int64(Service.now() / 1_000_000), limits: service.limits)
      }
    }
    if thread == nil { throw .library("the system has no thread left to start the server with") }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    thread?.join()
    thread = nil
  }
}
