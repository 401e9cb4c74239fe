import Glibc
import ServerUnderTest
import Synchronization
import Threads

/// Clients that list objects, each on a thread and a connection of its own, until they are told to stop.
final class Readers {
  private final class Notes: Sendable {
    let isOver = Atomic(false)
    let problems = Mutex<[String]>([])
  }

  private let notes = Notes()
  private let threads: [OwnThread]

  init(_ count: Int, at site: Site) throws {
    threads = try (0..<count).map { [notes] _ in
      try OwnThread {
        do {
          let connection = try site.connection()
          while !notes.isOver.load(ordering: .relaxed) {
            let answer = try connection.request(
              "GET", "\(site.base)/objects/item.json?limit=100", authorization: site.authorization)
            guard answer.status != 200 else { continue }
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

  /// What went wrong.
  func end() -> [String] {
    notes.isOver.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    return notes.problems.withLock { $0 }
  }
}
