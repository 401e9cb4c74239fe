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
  /// By model: the newest group that wrote objects of it.
  private let stateVersions: [Int: Int]
  /// New sequences are above it, whatever the rest says.
  private let floor: Int64
  private let appUser: String?

  /// Statements of `ask`: the lock and what follows it.
  static let questionCount = 3

  /// Locks the deployment for writers until the transaction ends, and asks for all that a group begins with. Each
  /// statement sees what was committed when it begins: those behind the lock see all that its last holder did.
  static func ask(in pipeline: inout PostgresPipeline, _ schema: DeploymentSchema) {
    let name = schema.name
    pipeline.add(lock(of: schema))
    // now() is when the transaction began.
    pipeline.add(
      """
      SELECT feed, last_sequence, number, (SELECT max(version) FROM \(name).deploys),
      (SELECT value FROM \(name).facts WHERE key = 'floor'), (SELECT value FROM \(name).facts WHERE key = 'app_user'),
      (extract(epoch FROM clock_timestamp() - now()) * 1000000)::bigint
      FROM \(name).commits ORDER BY number DESC LIMIT 1
      """)
    pipeline.add(
      """
      SELECT m.number, c.count, c.last_row, c.number FROM \(name).models AS m CROSS JOIN LATERAL (
      SELECT count, last_row, number FROM \(name).counters WHERE model = m.number ORDER BY number DESC LIMIT 1) AS c
      """)
  }

  static func lock(of schema: DeploymentSchema) -> String { "SELECT FROM \(schema.name).head FOR UPDATE" }

  init(_ answers: ArraySlice<PostgresResult>) throws {
    let first = answers.startIndex
    guard answers.count == Self.questionCount, answers[first].count == 1, let newest = answers[first + 1].first,
      !newest.isNull(3)
    else { throw StorageError.broken("the deployment's schema has no head, no commits or no deploys") }
    number = try newest.integer(2)
    lockMicroseconds = try newest.integer(6)
    standing = try FeedStanding(answers[first + 1])
    version = Int(try newest.integer(3))
    var counters: [Int: GroupState.Counter] = [:]
    var stateVersions: [Int: Int] = [:]
    try answers[first + 2].each { row in
      let model = Int(try row.integer(0))
      counters[model] = GroupState.Counter(count: try row.integer(1), lastRow: try row.integer(2))
      stateVersions[model] = Int(try row.integer(3))
    }
    self.counters = counters
    self.stateVersions = stateVersions
    floor = try newest.textIfAny(4).flatMap { Int64($0) } ?? 0
    appUser = try newest.textIfAny(5)
  }

  /// The state versions behind a group that wrote objects of these models; of none where it left nothing.
  func stateVersions(
    after touched: Set<Int>, number: Int64, in feed: String, _ epochs: FeedEpochs
  ) -> StateVersions {
    var versions = stateVersions
    for model in touched { versions[model] = Int(number) }
    return StateVersions(versions.mapValues { epochs.stateVersion(of: $0, in: feed) })
  }

  /// What a group goes on from whose sequences are to be above `last`.
  func state(after last: Int64) -> GroupState {
    GroupState(version: version, counters: counters, lastSequence: max(floor, last), appUser: appUser)
  }
}
