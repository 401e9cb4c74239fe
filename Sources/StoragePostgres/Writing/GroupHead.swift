import Storage
import Wire

/// What a deployment has come to, as a group of writes finds it under the lock of `head`.
struct GroupHead {
  /// Of the newest group.
  let number: Int64
  let feed: String
  let state: GroupState
  /// As the newest group has it; sequences may have to go on above it.
  let lastSequence: Int64

  /// Statements of `ask`: the lock and what follows it.
  static let questionCount = 5

  /// Locks the deployment for writers until the transaction ends, and asks for all that a group begins with. Each
  /// statement sees what was committed when it begins: those behind the lock see all that its last holder did.
  static func ask(in pipeline: inout PostgresPipeline, _ schema: DeploymentSchema) {
    let name = schema.name
    pipeline.add(lock(of: schema))
    pipeline.add("SELECT number, last_sequence, feed FROM \(name).commits ORDER BY number DESC LIMIT 1")
    pipeline.add("SELECT max(version) FROM \(name).deploys")
    pipeline.add(
      """
      SELECT m.number, c.count, c.last_row FROM \(name).models AS m CROSS JOIN LATERAL (
      SELECT count, last_row FROM \(name).counters WHERE model = m.number ORDER BY number DESC LIMIT 1) AS c
      """)
    pipeline.add("SELECT key, value FROM \(name).facts WHERE key IN ('app_user', 'floor')")
  }

  static func lock(of schema: DeploymentSchema) -> String { "SELECT FROM \(schema.name).head FOR UPDATE" }

  init(_ answers: ArraySlice<PostgresResult>) throws {
    let first = answers.startIndex
    guard answers.count == Self.questionCount, answers[first].count == 1, let newest = answers[first + 1].first,
      let deploy = answers[first + 2].first
    else { throw StorageError.broken("the deployment's schema has no head, no commits or no deploys") }
    number = try newest.integer(0)
    lastSequence = try newest.integer(1)
    feed = try newest.text(2)
    var counters: [Int: GroupState.Counter] = [:]
    try answers[first + 3].each { row in
      counters[Int(try row.integer(0))] = GroupState.Counter(count: try row.integer(1), lastRow: try row.integer(2))
    }
    var facts: [String: String] = [:]
    try answers[first + 4].each { facts[try $0.text(0)] = try $0.text(1) }
    let floor = facts[DeploymentFact.floor.rawValue].flatMap { Int64($0) } ?? 0
    state = GroupState(
      version: Int(try deploy.integer(0)), counters: counters, lastSequence: max(floor, lastSequence),
      appUser: facts[DeploymentFact.appUser.rawValue])
  }
}
