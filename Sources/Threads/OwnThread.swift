import Glibc
import Synchronization

/// A thread of the system for work that blocks, which must never run on the threads that Swift's tasks
/// share.
package final class OwnThread: Sendable {
  private let handle: pthread_t
  private let isJoined = Mutex(false)

  /// The system has no thread left; the reason is its own.
  package struct Fault: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// Starts at once. Tools such as `top` show the first 15 bytes of `name`.
  package init(named name: String? = nil, _ body: @escaping @Sendable () -> Void) throws(Fault) {
    let start = Unmanaged.passRetained(Start(name, body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        if let name = start.name { OwnThread.show(name) }
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw Fault(description: "no thread could be started: \(String(cString: strerror(code)))")
    }
    self.handle = handle
  }

  /// Processors that are there for threads.
  package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

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

  /// Lets the present thread leave the processor to others, for as long as it runs. Linux takes 0 for the
  /// calling thread alone.
  package static func giveWay(by priority: Int32 = 10) {
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, priority)
  }

  /// Without /proc it has the process's name, and that is all.
  private static func show(_ name: String) {
    let number = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = write(number, bytes, bytes.count)
    close(number)
  }

  private final class Start: Sendable {
    let name: String?
    let body: @Sendable () -> Void

    init(_ name: String?, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
