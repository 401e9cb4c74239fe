import DataModel
import Storage
import Wire

extension Catalog {
  /// Makes the schema of a new deployment with its first data model. The last step makes it one that can be opened: what
  /// was cut off before has no objects, and is removed by whoever makes it again.
  func make(_ model: DataModel, at instant: Instant, by person: Person?, on connection: PostgresConnection) throws {
    _ = try connection.perform { trip in
      trip.addOnce("BEGIN")
      trip.addOnce("CREATE SCHEMA \(schema.name)")
      for statement in DeploymentTables.statements(in: schema) { trip.addOnce(statement) }
      trip.add("COMMIT")
    }
    let recording = try DeployRecording.first(model, of: schema, by: person, at: instant, on: connection)
    var trip = PostgresPipeline()
    trip.add("BEGIN")
    recording.add(to: &trip)
    trip.addOnce(
      """
      INSERT INTO \(schema.name).commits (number, last_sequence, group_id, feed, at)
      VALUES (1, 0, gen_random_uuid(), $1, $2)
      """
    ) {
      $0.add(text: FeedStanding.newFeed())
      $0.add(instant: instant)
    }
    trip.add("COMMIT")
    switch connection.commit(trip) {
    case .done: return
    case .refused(let fault), .unknown(let fault): throw fault
    }
  }
}
