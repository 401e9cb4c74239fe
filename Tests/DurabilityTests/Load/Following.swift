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
    /// Requests that were answered with 503.
    var refusals = 0
    init(_ follower: Follower) { self.follower = follower }
  }

  private final class Stop: Sendable {
    let flag = Atomic(false)
  }

  private let desks: [Desk]
  private let threads: [OwnThread]
  private let mustStop = Stop()

  convenience init(_ followers: [Follower], on server: Server) throws { try self.init(followers, on: [server.site]) }

  /// The followers have the sites in turn.
  init(_ followers: [Follower], on sites: [Site]) throws {
    desks = followers.map(Desk.init)
    let mustStop = mustStop
    threads = try desks.enumerated().map { index, desk in
      let site = sites[index % sites.count]
      return try OwnThread { Self.work(desk, site, until: mustStop) }
    }
  }

  /// Waits for the threads. With `stop` they first read what is there.
  func end(stop: Bool) -> (followers: [Follower], problems: [String], refusals: Int) {
    if stop { mustStop.flag.store(true, ordering: .relaxed) }
    for thread in threads { thread.join() }
    return (desks.map(\.follower), desks.flatMap(\.problems), desks.map(\.refusals).reduce(0, +))
  }

  /// For reading to the end.
  private static let patience = Duration.seconds(60)

  private static func work(_ desk: Desk, _ site: Site, until stop: Stop) {
    var deadline: ContinuousClock.Instant?
    do {
      var connection = try site.connection()
      while true {
        let isLast = stop.flag.load(ordering: .relaxed)
        if isLast, deadline == nil { deadline = .now + patience }
        let answer = try connection.request(
          "GET", "\(site.base)/\(desk.follower.path(toEnd: isLast))", authorization: site.authorization)
        if answer[header: "connection"]?.lowercased() == "close" { connection = try site.connection() }
        if let deadline, ContinuousClock.now > deadline {
          throw TestFault(
            "a follower did not come to the end of the feed within \(patience): \(answer.text.prefix(500))")
        }
        guard answer.status != 503 else {
          desk.problems += RefusalFindings.of(answer)
          desk.refusals += 1
          usleep(5000)
          continue
        }
        let (count, hasMore) = try desk.follower.take(answer)
        if isLast, count == 0, !hasMore { return }
        if count == 0, !desk.follower.waits { usleep(2000) }
      }
    } catch let fault as TestFault {
      // Between two answers a connection may end; that is what the tests make happen.
      if fault.endedInAnswer != false { desk.problems.append("\(fault)") }
    } catch {
      desk.problems.append("\(error)")
    }
  }
}
