/// Questions that go to the database together, each with what is done with its rows: one round trip, however many of
/// them are asked.
///
///     var inquiry = PostgresInquiry<KeptRows>()
///     inquiry.ask("SELECT revision FROM d_1.hooks WHERE name = $1") { $0.add(text: name) } taking: { result, rows in
///       rows.webhookRevision = try result.first?.integer(0)
///     }
///     try inquiry.perform(on: connection, into: &rows)
struct PostgresInquiry<Found> {
  typealias Taking = (PostgresResult, inout Found) throws -> Void

  private var pipeline = PostgresPipeline()
  private var answers: [Taking?] = []

  init() {}

  mutating func ask(
    _ sql: String, _ bind: (inout PostgresParameters) -> Void = { _ in }, taking answer: @escaping Taking
  ) {
    pipeline.add(sql, bind)
    answers.append(answer)
  }

  /// A statement that hardly comes twice.
  mutating func askOnce(_ sql: String, _ bind: (inout PostgresParameters) -> Void, taking answer: @escaping Taking) {
    pipeline.addOnce(sql, bind)
    answers.append(answer)
  }

  /// A setting of the transaction, which answers nothing.
  mutating func set(_ sql: String) {
    pipeline.addOnce(sql)
    answers.append(nil)
  }

  /// No round trip where nothing was asked.
  /// - Parameter within: as `PostgresConnection.perform` has it.
  func perform(on connection: PostgresConnection, within: Duration? = nil, into found: inout Found) throws {
    if pipeline.isEmpty { return }
    let results = try connection.perform(pipeline, within: within)
    assert(results.count == answers.count, "each question has an answer")
    for (result, answer) in zip(results, answers) { try answer?(result, &found) }
  }
}
