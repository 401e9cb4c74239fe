import Storage
import Wire

/// Gives a deployment's feed another id, under the lock that all who write take: what was served before is not all
/// there any more.
struct FeedRenewal {
  let schema: DeploymentSchema

  /// After a restore: sequences go on above all that the database holds, and above this moment's.
  func perform(
    on connection: PostgresConnection, milliseconds: Int64
  ) throws -> (standing: FeedStanding, floor: Int64) {
    let found = try lock(connection)
    let floor = SequenceRule.next(after: max(found.standing.last, found.floor), milliseconds: milliseconds)
    return (try renew(found.standing, above: floor, at: milliseconds, on: connection), floor)
  }

  /// After a node found less than it knew of; what holds from then on. Nothing changes where nothing was lost, as
  /// where only an older look was taken for the newest, and where another node has renewed the feed, only the sequence
  /// above which it goes on.
  func perform(
    on connection: PostgresConnection, over known: FeedStanding, milliseconds: Int64
  ) throws -> FeedStanding {
    let found = try lock(connection).standing
    if found.last >= known.last {
      try connection.rollback()
      return found
    }
    if found.feed == known.feed {
      return try renew(found, above: known.last, at: milliseconds, on: connection)
    }
    try commit(on: connection) { FactTable(schema: schema).raise(.floor, to: known.last, in: &$0) }
    return found
  }

  private func lock(_ connection: PostgresConnection) throws -> (standing: FeedStanding, floor: Int64) {
    // What is read comes after the lock is held: a statement that waits for it shows what stood before.
    let results = try connection.perform {
      $0.add("BEGIN")
      $0.add("SELECT one FROM \(schema.name).head WHERE one = 1 FOR UPDATE")
      $0.add(FeedStanding.newest(in: schema))
      $0.add(FactTable(schema: schema).reading) { $0.add(text: DeploymentFact.floor.rawValue) }
    }
    return (try FeedStanding(results[2]), try FactTable.number(results[3]))
  }

  private func renew(
    _ found: FeedStanding, above floor: Int64, at milliseconds: Int64, on connection: PostgresConnection
  ) throws -> FeedStanding {
    let renewed = FeedStanding(feed: FeedStanding.newFeed(), last: found.last)
    try commit(on: connection) { pipeline in
      pipeline.add(
        """
        INSERT INTO \(schema.name).commits (number, last_sequence, group_id, feed, at)
        SELECT max(number) + 1, $1, gen_random_uuid(), $2, $3 FROM \(schema.name).commits
        """
      ) {
        $0.add(integer: renewed.last)
        $0.add(text: renewed.feed)
        $0.add(integer: milliseconds / 1000)
      }
      FactTable(schema: schema).raise(.floor, to: floor, in: &pipeline)
    }
    return renewed
  }

  private func commit(on connection: PostgresConnection, _ build: (inout PostgresPipeline) -> Void) throws {
    var pipeline = PostgresPipeline()
    build(&pipeline)
    pipeline.add("COMMIT")
    switch connection.commit(pipeline) {
    case .done: return
    case .refused(let fault), .unknown(let fault): throw fault
    }
  }
}
