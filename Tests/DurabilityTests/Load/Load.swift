import Foundation
import JSON
import ServerUnderTest
import Synchronization
import Threads

/// Authors at work, each on a thread and a connection of its own, until their server goes away or they
/// are told to stop.
final class Load {
  /// All that is there of one author's objects, asked when nothing that was sent can come any more.
  typealias Settle = @Sendable (Author) throws -> [String: Int64]

  /// `@unchecked Sendable` is safe: the thread has it alone until it is joined, but for the counts.
  private final class Desk: @unchecked Sendable {
    let site: Int
    var author: Author
    var problems: [String] = []
    var longestRefusal = Duration.zero
    let refusals = Atomic(0)
    let doubts = Atomic(0)
    let acknowledged = Atomic(0)
    init(_ author: Author, at site: Int) {
      self.author = author
      self.site = site
    }
  }

  /// What came of it.
  struct End {
    let authors: [Author]
    /// What went wrong besides a lost connection.
    let problems: [String]
    /// Requests that were refused with 503.
    let refusals: Int
    /// Requests of which nobody knew whether they were done.
    let doubts: Int
    /// How long the slowest 503 took.
    let longestRefusal: Duration
  }

  private let desks: [Desk]
  private let threads: [OwnThread]
  private let mustStop = Stop()

  private final class Stop: Sendable {
    let flag = Atomic(false)
  }

  convenience init(_ authors: [Author], on server: Server) throws { try self.init(authors, on: [server.site]) }

  /// The authors have the sites in turn.
  /// - Parameters:
  ///   - pause: microseconds between an answer and the next request.
  ///   - settle: asked where a server says that nobody knows whether a request was done; without it that is a problem.
  init(_ authors: [Author], on sites: [Site], pause: UInt32 = 0, settle: Settle? = nil) throws {
    desks = authors.enumerated().map { Desk($1, at: $0 % sites.count) }
    let mustStop = mustStop
    threads = try desks.map { desk in
      let site = sites[desk.site]
      return try OwnThread { Load.work(desk, site, pause, settle, until: mustStop) }
    }
  }

  /// How many requests were acknowledged at this site so far.
  func acknowledged(at site: Int) -> Int {
    desks.filter { $0.site == site }.reduce(0) { $0 + $1.acknowledged.load(ordering: .relaxed) }
  }

  /// How many were refused with 503 there.
  func refusals(at site: Int) -> Int {
    desks.filter { $0.site == site }.reduce(0) { $0 + $1.refusals.load(ordering: .relaxed) }
  }

  /// Lets the threads end when they have their answers.
  func stop() { mustStop.flag.store(true, ordering: .relaxed) }

  /// Waits for the threads.
  func end(stop: Bool) -> End {
    if stop { self.stop() }
    for thread in threads { thread.join() }
    return End(
      authors: desks.map(\.author), problems: desks.flatMap(\.problems),
      refusals: desks.reduce(0) { $0 + $1.refusals.load(ordering: .relaxed) },
      doubts: desks.reduce(0) { $0 + $1.doubts.load(ordering: .relaxed) },
      longestRefusal: desks.map(\.longestRefusal).max() ?? .zero)
  }

  private static func work(_ desk: Desk, _ site: Site, _ pause: UInt32, _ settle: Settle?, until stop: Stop) {
    do {
      var connection = try site.connection()
      while !stop.flag.load(ordering: .relaxed) {
        let call = desk.author.nextCall()
        let asked = ContinuousClock.now
        let answer = try connection.request(
          call.method, "\(site.base)/\(call.path)", authorization: site.authorization, body: call.body)
        if answer.status == 503 {
          desk.longestRefusal = max(desk.longestRefusal, ContinuousClock.now - asked)
          desk.problems += RefusalFindings.of(answer).map { "\(call.method) \(call.path): \($0)" }
          if !RefusalFindings.isDoubt(answer) {
            desk.author.refused()
            desk.refusals.add(1, ordering: .relaxed)
          } else if let settle {
            desk.problems += desk.author.findings(in: try settle(desk.author))
            desk.doubts.add(1, ordering: .relaxed)
          } else {
            desk.problems.append("\(call.method) \(call.path): done or not: \(answer.text)")
            return
          }
          // Long before `Retry-After`, but no storm.
          usleep(5000)
        } else if let problem = problem(answer, call) {
          desk.problems.append("\(call.method) \(call.path): \(problem)")
          return
        } else {
          desk.author.acknowledged()
          desk.acknowledged.add(1, ordering: .relaxed)
          if pause > 0 { usleep(pause) }
        }
        if answer[header: "connection"]?.lowercased() == "close" { connection = try site.connection() }
      }
    } catch let fault as TestFault {
      // Between two answers a connection may end; that is what the tests make happen.
      if fault.endedInAnswer != false { desk.problems.append("\(fault)") }
    } catch {
      desk.problems.append("\(error)")
    }
  }

  private static func problem(_ answer: Answer, _ call: Call) -> String? {
    guard answer.status == call.status else {
      return "\(answer.status) instead of \(call.status): \(answer.text)"
    }
    guard let successes = call.successes else { return nil }
    guard let root = try? JSONDocument.read(answer.body).root else { return "no JSON: \(answer.text)" }
    let said = root["operations"]?.elements.map { $0["success"]?.bool ?? false } ?? []
    return said == successes ? nil : "the batch says \(said), must say \(successes)"
  }
}
