import CMicrohttpd
import Glibc
import Synchronization
import Threads
import Wire

/// Accepts connections and hands each to the daemon of its address, which spreads them evenly over its
/// threads.
///
/// A thread of our own does this because libmicrohttpd's way to stop accepting (`MHD_quiesce_daemon`) can
/// abort the process when it meets one of its threads at the same point.
///
/// `@unchecked Sendable` is safe: the daemons' pointers are only handed to `MHD_add_connection`, which may
/// be called from any thread, and they are stopped after `stop` has returned.
final class Acceptor: @unchecked Sendable {
  struct Entrance {
    let socket: ListenSocket
    let daemon: OpaquePointer
  }

  private var entrances: [Entrance]
  private let table: ConnectionTable
  private let limit: Int
  private let isStopped = Atomic<Bool>(false)
  private let wakeup: Wakeup
  private var thread: OwnThread?

  init(_ entrances: [Entrance], table: ConnectionTable, limit: Int) throws(ServerError) {
    self.entrances = entrances
    self.table = table
    self.limit = limit
    wakeup = try Wakeup()
    thread = try? OwnThread(named: "http-accept") { [unowned self] in run() }
    if thread == nil { throw .library("the system has no thread left to start the server with") }
  }

  /// Accepts what has connected already, closes the listening sockets and returns.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    wakeup.wake()
    thread?.join()
    thread = nil
    entrances = []
  }

  private func run() {
    var polled = [pollfd(fd: wakeup.number, events: Int16(POLLIN), revents: 0)]
    for entrance in entrances {
      polled.append(pollfd(fd: entrance.socket.descriptor.number, events: Int16(POLLIN), revents: 0))
    }
    while !isStopped.load(ordering: .relaxed) {
      // At the limit the listen queue holds the others; there is no event for a connection that closes.
      if table.count >= limit {
        poll(&polled, 1, 20)
        continue
      }
      poll(&polled, nfds_t(polled.count), -1)
      for (index, entrance) in entrances.enumerated() where polled[index + 1].revents != 0 {
        accept(entrance)
      }
    }
    // Closing a socket resets what waits in its queue, and a request may lie there.
    for entrance in entrances where !entrance.socket.isInherited && table.count < limit {
      accept(entrance, atMost: limit)
    }
  }

  /// A few at a time, so that the limit is looked at now and then.
  private func accept(_ entrance: Entrance, atMost count: Int = 16) {
    for _ in 0..<count {
      var address = sockaddr_storage()
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let isHandedOver: Bool? = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          let number = sojourn_accept(entrance.socket.descriptor.number, $0, &size)
          guard number >= 0 else { return nil }
          return sojourn_http_add(entrance.daemon, number, $0, size)
        }
      }
      guard isHandedOver == nil else { continue }
      // Without descriptors the connection stays in the queue, and poll would return at once again.
      if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { usleep(50_000) }
      return
    }
  }
}
