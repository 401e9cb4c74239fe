import Storage
import Wire

/// One group of plans in one transaction: two round trips, unless a rule asks for more.
///
/// 1. `BEGIN`, the lock, and what the plans are known to need. Its answer has come before anything is sent that
///    commits: whoever looks for the group under the lock later knows that nothing of it is still on its way.
/// 2. All that has changed, the group's record, and `COMMIT`.
struct GroupTransaction {
  /// What a group came to.
  struct Result {
    var outcomes: [Swift.Result<WriteOutcome, any Error>]
    /// Of the feed after the group; nil where it left nothing.
    var standing: FeedStanding?
    var hasEndedSessions: Bool
    /// Whether the database had less than this node had served.
    var isAfterLoss = false
    /// What the node was told last of the model that holds the app's users.
    var appUser: String?

    /// Gives each plan that was done the state versions behind the group.
    fileprivate mutating func note(_ versions: StateVersions) {
      outcomes = outcomes.map { outcome in
        outcome.map { done in
          var done = done
          done.stateVersions = versions
          return done
        }
      }
    }
  }

  enum End {
    case done(Result)
    /// Done or not: to be looked for under this id.
    case doubtful(Result, DoubtfulGroup)
  }

  let deployment: PostgresDeployment
  let connection: PostgresConnection
  let tables: WrittenTables
  /// Whether ids that were made for new objects are looked for.
  var isLooking = false
  /// What this node has stored last of the model that holds the app's users.
  var appUserStored: String?

  private var schema: DeploymentSchema { deployment.schema }

  /// - Parameter more: plans that came while the lock was waited for.
  /// - Throws: what ended the group; nothing of it was done.
  func run(_ plans: [WritePlan], more: () -> ArraySlice<WritePlan>) throws -> End {
    let (head, store) = try begin(plans)
    let late = more()
    if !late.isEmpty { try store.read(GroupNeeds(late, looking: isLooking)) }
    var standing = deployment.feed.continued(from: head.standing)
    let isAfterLoss = standing != head.standing
    let before = head.state(after: standing.last)
    let runner = PlanRunner(store, before)
    let now = deployment.context.clock.milliseconds()
    let appUser = try storeAppUser(runner, now)
    var outcomes: [Swift.Result<WriteOutcome, any Error>] = []
    outcomes.reserveCapacity(plans.count + late.count)
    for plan in plans + late {
      switch try runner.run(plan, clock: now) {
      case .success(let outcome): outcomes.append(.success(outcome))
      case .failure(let refusal): outcomes.append(.failure(refusal))
      }
    }
    let state = runner.state
    var result = Result(
      outcomes: outcomes, standing: nil, hasEndedSessions: state.hasEndedSessions, appUser: appUser)
    guard store.hasChanges else {
      try connection.rollback()
      result.note(
        head.stateVersions(after: [], number: head.number, in: head.standing.feed, deployment.epochs))
      return .done(result)
    }
    if state.lastSequence > before.lastSequence { standing.last = state.lastSequence }
    result.standing = standing
    result.isAfterLoss = isAfterLoss
    let record = CommitRecord(after: head, standing: standing, group: CommitRecord.newID(), second: now / 1000)
    result.note(
      head.stateVersions(after: state.touched, number: record.number, in: standing.feed, deployment.epochs))
    return try commit(result, store, state, record)
  }

  private func begin(_ plans: [WritePlan]) throws -> (GroupHead, PostgresWriteStore) {
    tables.forgetSurplus()
    let needs = GroupNeeds(plans, looking: isLooking)
    try tables.learn(needs.models, from: connection)
    let answers = try connection.perform { pipeline in
      pipeline.add("BEGIN")
      GroupHead.ask(in: &pipeline, schema)
      try needs.ask(in: &pipeline, tables, schema)
    }
    let head = try GroupHead(answers[1...GroupHead.questionCount])
    deployment.groupMetrics.noteLock(microseconds: head.lockMicroseconds)
    // What goes by the data model goes by the one in force.
    if head.version > deployment.current.model.version { try deployment.catchUp(on: connection) }
    let store = PostgresWriteStore(connection, schema, tables, version: head.version) {
      [current = deployment.current] in current.model[$0]
    }
    try store.take(needs, answers[(GroupHead.questionCount + 1)...])
    return (head, store)
  }

  /// What the node was told last is stored before anything is done that goes by it. What it has stored once another
  /// node may have changed since.
  private func storeAppUser(_ runner: PlanRunner<PostgresWriteStore>, _ now: Int64) throws -> String? {
    let wanted = deployment.users.model
    if wanted != appUserStored, wanted != runner.state.appUser {
      _ = try runner.run(WritePlan(steps: [.kept(.appUser(wanted))], origin: ""), clock: now)
    }
    return wanted
  }

  private func commit(
    _ result: Result, _ store: PostgresWriteStore, _ state: GroupState, _ record: CommitRecord
  ) throws -> End {
    var pipeline = PostgresPipeline()
    try store.send(in: &pipeline)
    record.send(countersOf: state.touched, state.counters, in: &pipeline, schema)
    record.send(in: &pipeline, schema)
    pipeline.add("COMMIT")
    deployment.context.options.beforeCommit?()
    let sent = ContinuousClock.now
    switch connection.commit(pipeline) {
    case .done: return .done(result)
    case .refused(let fault): throw fault
    case .unknown(let fault):
      return .doubtful(result, DoubtfulGroup(id: record.groupID, schema: schema, sentAt: sent, fault: fault))
    }
  }
}
