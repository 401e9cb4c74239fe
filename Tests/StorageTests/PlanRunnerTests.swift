import StorageConformance
import Testing
import Wire

@testable import Storage

@Suite("A plan runs in its turn")
struct PlanRunnerTests {
  private static let clock = RuleScene.second * 1000

  private static func create(_ number: Int) -> WriteStep {
    .create(RuleScene.model, RuleScene.id(number), [.text("a"), .null, .null])
  }

  private static func delete(_ number: Int) -> WriteStep { .delete(RuleScene.model, RuleScene.id(number)) }

  private func runner(appUser: String? = nil) -> PlanRunner<MemoryStore> {
    PlanRunner(MemoryStore(), GroupState(version: 1, counters: [:], lastSequence: 0, appUser: appUser))
  }

  /// A plan, what its steps come to, and which entries are written.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let policy: WritePlan.Policy
    var isDryRun = false
    let outcomes: [String]
    let entries: [String]
  }

  /// Each over: create 1, delete 9, which is not there, create 2, create 1 again, a refused step.
  static let rows: [Row] = [
    Row(
      testDescription: "independent", policy: .independent,
      outcomes: ["created", "missing", "created", "id in use", "refused"], entries: ["create 1", "create 2"]),
    Row(
      testDescription: "stop at failure", policy: .stopAtFailure,
      outcomes: ["created", "missing", "skipped", "skipped", "skipped"], entries: ["create 1"]),
    Row(
      testDescription: "atomic", policy: .atomic,
      outcomes: ["skipped", "missing", "skipped", "skipped", "skipped"], entries: []),
    Row(
      testDescription: "a dry run", policy: .independent, isDryRun: true,
      outcomes: ["created", "missing", "created", "id in use", "refused"], entries: []),
    Row(
      testDescription: "a dry run that stops", policy: .stopAtFailure, isDryRun: true,
      outcomes: ["created", "missing", "skipped", "skipped", "skipped"], entries: []),
  ]

  @Test("not at all when it was made under another version of the data model")
  func otherVersion() throws {
    let runner = PlanRunner(MemoryStore(), GroupState(version: 2, counters: [:], lastSequence: 0, appUser: nil))
    for steps in [[Self.create(1)], [.refused, Self.delete(1)]] {
      let result = try runner.run(WritePlan(steps: steps, origin: "password"), clock: Self.clock)
      #expect(throws: StorageError.replan(version: 2)) { try result.get() }
    }
    // What names no model was made under any.
    let outcome = try runner.run(WritePlan(steps: [.refused], origin: "password"), clock: Self.clock).get()
    #expect(outcome.steps.map(\.word) == ["refused"])
    #expect(runner.store.contents.entries.isEmpty && runner.state.lastSequence == 0)
  }

  @Test("by its policy", arguments: rows)
  func policies(row: Row) throws {
    let runner = runner()
    let plan = WritePlan(
      steps: [Self.create(1), Self.delete(9), Self.create(2), Self.create(1), .refused], policy: row.policy,
      isDryRun: row.isDryRun, origin: "password")
    let outcome = try runner.run(plan, clock: Self.clock).get()
    #expect(outcome.steps.map(\.word) == row.outcomes)
    #expect(runner.store.contents.entries == row.entries)
    try runner.storeCounters()
    let count = Int64(row.entries.count)
    #expect(runner.store.contents.counters[RuleScene.model.number]?.count ?? 0 == count)
    #expect(runner.state.lastSequence == (count == 0 ? 0 : Self.clock << 10 + count - 1), "none is given out in vain")
  }

  @Test("with what earlier plans of its group did in sight")
  func inOrder() throws {
    let runner = runner()
    for (step, word) in [
      (Self.create(1), "created"), (Self.create(1), "id in use"), (Self.delete(1), "deleted"),
      (Self.delete(1), "missing"), (Self.create(1), "created"),
    ] {
      let outcome = try runner.run(WritePlan(steps: [step], origin: "password"), clock: Self.clock).get()
      #expect(outcome.steps.map(\.word) == [word])
    }
    #expect(runner.state.counters[RuleScene.model.number] == GroupState.Counter(count: 1, lastRow: 2))
    runner.beginNext()
    #expect(runner.state.changed.isEmpty && runner.state.touched.isEmpty)
  }

  @Test("only while its device's session is enrolled")
  func sessions() throws {
    let runner = runner()
    let plan = WritePlan(steps: [Self.create(1)], origin: "device:x", session: RuleScene.id(11))
    for (state, refusal) in [
      (nil, SessionState.reset), (.locked, .locked), (.reset, .reset), (.neverEnrolled, .neverEnrolled),
    ] as [(SessionState?, SessionState)] {
      runner.store.sessions[RuleScene.id(11)] = state
      #expect(throws: StorageError.sessionEnded(refusal)) { try runner.run(plan, clock: Self.clock).get() }
    }
    #expect(runner.store.contents.entries.isEmpty)
    runner.store.sessions[RuleScene.id(11)] = .enrolled
    #expect(try runner.run(plan, clock: Self.clock).get().steps.map(\.word) == ["created"])
  }

  @Test("only under the lease that it names, and with preconditions on what it writes alone")
  func preconditions() throws {
    let runner = runner()
    let hold = LeaseHold(name: "job", number: 1)
    var plan = WritePlan(steps: [Self.create(1)], origin: "job")
    plan.preconditions = [.lease(hold)]
    #expect(throws: StorageError.leaseLost("job")) { try runner.run(plan, clock: Self.clock).get() }
    let take = KeptStep.lease(.take(name: "job", holder: RuleScene.id(5), milliseconds: 10))
    let taken = try runner.run(WritePlan(steps: [.kept(take)], origin: ""), clock: Self.clock).get()
    #expect(taken.steps.first?.kept == .lease(hold))
    _ = try runner.run(plan, clock: Self.clock).get()
    plan.steps = [Self.create(2), .kept(.appUser("flight"))]
    for index in [-1, 1, 2] {
      plan.preconditions = [.lease(hold), .object(step: index, .exists)]
      #expect(throws: StorageError.self) { try runner.run(plan, clock: Self.clock).get() }
    }
    #expect(runner.store.contents.entries == ["create 1"])
  }

  @Test("and an object that is not as the plan wants it is a failure", arguments: staleRows)
  func stale(row: Row) throws {
    let runner = runner()
    _ = try runner.run(WritePlan(steps: [Self.create(1)], origin: "password"), clock: Self.clock)
    let first = runner.state.lastSequence
    var plan = WritePlan(
      steps: [Self.patch(1, "b"), Self.patch(1, "c"), .refused, Self.create(2), Self.delete(9)], policy: row.policy,
      isDryRun: row.isDryRun, origin: "password")
    plan.preconditions = [
      .object(step: 0, .sequence(among: [first])), .object(step: 1, .sequence(among: [first])),
      .object(step: 2, .exists), .object(step: 3, .isAbsent), .object(step: 4, .exists),
    ]
    let outcome = try runner.run(plan, clock: Self.clock).get()
    #expect(outcome.steps.map(\.word) == row.outcomes)
    #expect(outcome.steps[1].stale == "at \(first + 1)", "as the step before left it")
    #expect(row.policy != .independent || outcome.steps[4].stale == "gone")
    #expect(runner.store.contents.entries == ["create 1"] + row.entries)
  }

  /// Each over an object 1: patch it, patch it from the sequence before that, a refused step, create 2 where it is not,
  /// delete 9 where it is.
  static let staleRows: [Row] = [
    Row(
      testDescription: "independent", policy: .independent,
      outcomes: ["updated", "stale", "refused", "created", "stale"], entries: ["update 1", "create 2"]),
    Row(
      testDescription: "stop at failure", policy: .stopAtFailure,
      outcomes: ["updated", "stale", "skipped", "skipped", "skipped"], entries: ["update 1"]),
    Row(
      testDescription: "atomic", policy: .atomic,
      outcomes: ["skipped", "stale", "skipped", "skipped", "skipped"], entries: []),
    Row(
      testDescription: "a dry run", policy: .independent, isDryRun: true,
      outcomes: ["updated", "stale", "refused", "created", "stale"], entries: []),
  ]

  private static func patch(_ number: Int, _ name: String) -> WriteStep {
    .patch(RuleScene.model, RuleScene.id(number), [(0, .text(name))])
  }

  @Test("and what it deletes ends a user's sessions by the name that is stored")
  func users() throws {
    let runner = runner(appUser: "airline")
    func run(_ step: WriteStep, isDryRun: Bool = false) throws {
      _ = try runner.run(WritePlan(steps: [step], isDryRun: isDryRun, origin: "password"), clock: Self.clock).get()
    }
    try run(Self.create(1))
    try run(Self.delete(1))
    #expect(runner.store.contents.users.isEmpty && !runner.state.hasEndedSessions)
    try run(.kept(.appUser("flight")), isDryRun: true)
    #expect(runner.state.appUser == "airline", "it is taken back with the rest")
    try run(.kept(.appUser("flight")))
    try run(Self.create(1))
    try run(Self.delete(1))
    #expect(runner.store.contents.users[RuleScene.id(1)]?.isLocked == true && runner.state.hasEndedSessions)
  }
}
