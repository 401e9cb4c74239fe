import Storage
import Wire

/// What a deployment has come to, as a group of writes finds it under the lock of `head`.
struct GroupHead {
  /// Of the newest group.
  let number: Int64
  /// As that group's row says.
  let standing: FeedStanding
  let version: Int
  /// For how long the transaction waited for the lock.
  let lockMicroseconds: Int64
  private let counters: [Int: GroupState.Counter]
  /// New sequences are above it, whatever the rest says.
  private let floor: Int64
  private let appUser: String?

  /// Statements of `ask`: the lock and what follows it.
  static let questionCount = 5

  /// Locks the deployment for writers until the transaction ends, and asks for all that a group begins with. Each
  /// statement sees what was committed when it begins: those behind the lock see all that its last holder did.
  static func ask(in pipeline: inout PostgresPipeline, _ schema: DeploymentSchema) {
    let name = schema.name
    pipeline.add(lock(of: schema))
    // now() is when the transaction began.
    pipeline.add(
      """
      SELECT feed, last_sequence, number, (extract(epoch FROM clock_timestamp() - now()) * 1000000)::bigint
      FROM \(name).commits ORDER BY number DESC LIMIT 1
      """)
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
    number = try newest.integer(2)
    lockMicroseconds = try newest.integer(3)
    standing = try FeedStanding(answers[first + 1])
    version = Int(try deploy.integer(0))
    var counters: [Int: GroupState.Counter] = [:]
    try answers[first + 3].each { row in
      counters[Int(try row.integer(0))] = GroupState.Counter(count: try row.integer(1), lastRow: try row.integer(2))
    }
    var facts: [String: String] = [:]
    try answers[first + 4].each { facts[try $0.text(0)] = try $0.text(1) }
    self.counters = counters
    floor = facts[DeploymentFact.floor.rawValue].flatMap { Int64($0) } ?? 0
    appUser = facts[DeploymentFact.appUser.rawValue]
  }

  /// What a group goes on from whose sequences are to be above `last`.
  func state(after last: Int64) -> GroupState {
    GroupState(version: version, counters: counters, lastSequence: max(floor, last), appUser: appUser)
  }
}
