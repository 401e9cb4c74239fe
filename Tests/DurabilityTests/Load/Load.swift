import Foundation
import JSON
import ServerUnderTest
import Synchronization
import Threads

/// Authors at work, each on a thread and a connection of its own, until the server goes away or they
/// are told to stop.
final class Load {
  /// `@unchecked Sendable` is safe: the thread has it alone until it is joined.
  private final class Desk: @unchecked Sendable {
    var author: Author
    var problems: [String] = []
    var refusals = 0
    init(_ author: Author) { self.author = author }
  }

  private let desks: [Desk]
  private let threads: [OwnThread]
  private let mustStop = Stop()

  private final class Stop: Sendable {
    let flag = Atomic(false)
  }

  init(_ authors: [Author], on server: Server) throws {
    desks = authors.map(Desk.init)
    let (port, authorization, base) = (server.port, server.authorization, server.path(""))
    let mustStop = mustStop
    threads = try desks.map { desk in
      try OwnThread { Load.work(desk, port, authorization, base, until: mustStop) }
    }
  }

  /// Waits for the threads. What went wrong besides a lost connection, and how many requests were
  /// refused with 503.
  func end(stop: Bool) -> (authors: [Author], problems: [String], refusals: Int) {
    if stop { mustStop.flag.store(true, ordering: .relaxed) }
    for thread in threads { thread.join() }
    return (desks.map(\.author), desks.flatMap(\.problems), desks.map(\.refusals).reduce(0, +))
  }

  private static func work(
    _ desk: Desk, _ port: UInt16, _ authorization: String, _ base: String, until stop: Stop
  ) {
    do {
      var connection = try HTTPConnection(port: port)
      while !stop.flag.load(ordering: .relaxed) {
        let call = desk.author.nextCall()
        let answer = try connection.request(
          call.method, base + call.path, authorization: authorization, body: call.body)
        if answer.status == 503 {
          desk.author.refused()
          desk.refusals += 1
          if answer[header: "retry-after"] == nil { desk.problems.append("a 503 without Retry-After") }
        } else if let problem = problem(answer, call) {
          desk.problems.append("\(call.method) \(call.path): \(problem)")
          return
        } else {
          desk.author.acknowledged()
        }
        if answer[header: "connection"]?.lowercased() == "close" {
          connection = try HTTPConnection(port: port)
        }
      }
    } catch {
      // Between two answers a connection may end; that is what the tests make happen.
      if error.endedInAnswer != false { desk.problems.append("\(error)") }
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
