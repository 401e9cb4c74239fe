import Glibc
import ServerUnderTest
import Synchronization
import Threads

/// Clients that read, each on a thread and a connection of its own, until they are told to stop: one lists objects, the
/// next looks for one that is not there, and so on.
final class Readers {
  private final class Notes: Sendable {
    let isOver = Atomic(false)
    let problems = Mutex<[String]>([])
    let longest = Mutex(Duration.zero)
    let refusals = Atomic(0)
  }

  private let notes = Notes()
  private let threads: [OwnThread]

  init(_ count: Int, at site: Site) throws {
    threads = try (0..<count).map { [notes] index in
      try OwnThread {
        do {
          let connection = try site.connection()
          let isList = index.isMultiple(of: 2)
          while !notes.isOver.load(ordering: .relaxed) {
            let asked = ContinuousClock.now
            let answer = try connection.request(
              "GET",
              "\(site.base)/objects/\(isList ? "item.json?limit=100" : "item/ffffffff-0000-4000-8000-000000000000.json")",
              authorization: site.authorization)
            notes.longest.withLock { $0 = max($0, ContinuousClock.now - asked) }
            guard answer.status != (isList ? 200 : 404) else { continue }
            notes.refusals.add(1, ordering: .relaxed)
            let findings = RefusalFindings.of(answer)
            if !findings.isEmpty { notes.problems.withLock { $0 += findings } }
            usleep(5000)
          }
        } catch {
          notes.problems.withLock { $0.append("\(error)") }
        }
      }
    }
  }

  /// How long the slowest answer took.
  var longest: Duration { notes.longest.withLock { $0 } }
  /// How many were refused with 503.
  var refusals: Int { notes.refusals.load(ordering: .relaxed) }

  /// What went wrong.
  func end() -> [String] {
    notes.isOver.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    return notes.problems.withLock { $0 }
  }
}
