import Glibc
import ServerUnderTest
import Synchronization
import Threads

/// Followers at work, each on a thread and a connection of its own, until the server goes away or they
/// are told to stop; then they read to the end.
final class Following {
  /// `@unchecked Sendable` is safe: the thread has it alone until it is joined.
  private final class Desk: @unchecked Sendable {
    var follower: Follower
    var problems: [String] = []
    init(_ follower: Follower) { self.follower = follower }
  }

  private final class Stop: Sendable {
    let flag = Atomic(false)
  }

  private let desks: [Desk]
  private let threads: [OwnThread]
  private let mustStop = Stop()

  init(_ followers: [Follower], on server: Server) throws {
    desks = followers.map(Desk.init)
    let (port, authorization, base) = (server.port, server.authorization, server.path(""))
    let mustStop = mustStop
    threads = try desks.map { desk in
      try OwnThread { Self.work(desk, port, authorization, base, until: mustStop) }
    }
  }

  /// Waits for the threads. With `stop` they first read what is there.
  func end(stop: Bool) -> (followers: [Follower], problems: [String]) {
    if stop { mustStop.flag.store(true, ordering: .relaxed) }
    for thread in threads { thread.join() }
    return (desks.map(\.follower), desks.flatMap(\.problems))
  }

  private static func work(
    _ desk: Desk, _ port: UInt16, _ authorization: String, _ base: String, until stop: Stop
  ) {
    do {
      var connection = try HTTPConnection(port: port)
      while true {
        let isLast = stop.flag.load(ordering: .relaxed)
        let answer = try connection.request(
          "GET", base + desk.follower.path(toEnd: isLast), authorization: authorization)
        let (count, hasMore) = try desk.follower.take(answer)
        if isLast, count == 0, !hasMore { return }
        if count == 0, !desk.follower.waits { usleep(2000) }
        if answer[header: "connection"]?.lowercased() == "close" { connection = try HTTPConnection(port: port) }
      }
    } catch let fault as TestFault {
      // Between two answers a connection may end; that is what the tests make happen.
      if fault.endedInAnswer != false { desk.problems.append("\(fault)") }
    } catch {
      desk.problems.append("\(error)")
    }
  }
}
