import Glibc
import Storage
import Wire

/// A group whose `COMMIT` was sent and not confirmed.
///
/// It is looked for under the lock of `head`. Whoever has that knows that the group's transaction has ended, since it
/// had the lock itself: so the group is there or will never be. Where it is not, its id is taken by a row that says
/// nothing, with which no late commit of it could agree. The transaction that looks commits as well, and has locked a
/// row: where the server waits for a standby, that confirms all that came before it too.
struct DoubtfulGroup {
  enum Verdict {
    case done
    /// Nothing of it is there, or ever will be.
    case void
    /// Nobody could say in time.
    case unknown(PostgresFault)
  }

  let id: ObjectID
  let schema: DeploymentSchema
  let sentAt: ContinuousClock.Instant
  /// Why it is in doubt.
  let fault: PostgresFault

  /// Looks until there is an answer, or time is over; once at least.
  func settle(in context: PostgresContext) -> Verdict {
    let second = context.clock.milliseconds() / 1000
    var rule = DoubtRule(until: sentAt + context.options.doubtPatience)
    var last = fault
    while true {
      do {
        return try context.pool.lend(.writer) { try look(on: $0, second) }
      } catch let fault as PostgresFault {
        last = fault
      } catch {
        last = PostgresFault(.connecting, (error as? StorageError)?.sentence ?? "\(error)")
      }
      switch rule.failed(at: .now) {
      case .giveUp: return .unknown(last)
      case .again(let milliseconds): usleep(UInt32(milliseconds) * 1000)
      }
    }
  }

  private func look(on connection: PostgresConnection, _ second: Int64) throws -> Verdict {
    let answers = try connection.perform { pipeline in
      pipeline.add("BEGIN")
      GroupHead.ask(in: &pipeline, schema)
      pipeline.add("SELECT FROM \(schema.name).commits WHERE group_id = $1") { $0.add(id: id) }
    }
    let head = try GroupHead(answers[1...GroupHead.questionCount])
    let isThere = answers[GroupHead.questionCount + 1].count > 0
    var pipeline = PostgresPipeline()
    if !isThere {
      CommitRecord(after: head, standing: head.standing, group: id, second: second).send(in: &pipeline, schema)
    }
    pipeline.add("COMMIT")
    switch connection.commit(pipeline) {
    case .done: return isThere ? .done : .void
    case .refused(let fault), .unknown(let fault): throw fault
    }
  }
}

/// For how long a group in doubt is looked for, as a value.
struct DoubtRule {
  enum Step: Equatable {
    case again(milliseconds: Int)
    case giveUp
  }

  private static let longest = 1000

  private let end: ContinuousClock.Instant
  private var pause = 50

  init(until end: ContinuousClock.Instant) { self.end = end }

  /// What to do after a look that said nothing.
  mutating func failed(at now: ContinuousClock.Instant) -> Step {
    guard now < end else { return .giveUp }
    defer { pause = min(pause * 2, Self.longest) }
    return .again(milliseconds: pause)
  }
}
