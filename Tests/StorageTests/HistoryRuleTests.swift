import Testing
import Wire

@testable import Storage

@Suite("Which entry comes before an entry")
struct HistoryRuleTests {
  private static let row: [StoredValue] = [.text("b"), .null, .null]
  private static let object = RuleScene.found([.text("a"), .integer(3), .null])

  /// A step over an object or none, the last deletion that the store knows, and what the entry names.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let step: @Sendable () -> WriteStep
    var isThere = false
    var deletion: Int64? = 30
    let looks: Bool
    let previous: Int64?
  }

  static let rows: [Row] = [
    Row(
      testDescription: "a create under an id that was deleted",
      step: { .create(RuleScene.model, RuleScene.id(1), row) }, looks: true, previous: 30),
    Row(
      testDescription: "a create under an id that never was", step: { .create(RuleScene.model, RuleScene.id(1), row) },
      deletion: 0, looks: true, previous: 0),
    Row(
      testDescription: "a create where deletions are not known yet",
      step: { .create(RuleScene.model, RuleScene.id(1), row) }, deletion: nil, looks: true, previous: nil),
    Row(
      testDescription: "a put of nobody", step: { .put(RuleScene.model, RuleScene.id(1), row) }, looks: true,
      previous: 30),
    Row(
      testDescription: "a create under an id made for it", step: { .createNew(RuleScene.model, RuleScene.id(1), row) },
      deletion: 0, looks: false, previous: 0),
    Row(
      testDescription: "a put", step: { .put(RuleScene.model, RuleScene.id(1), row) }, isThere: true, looks: false,
      previous: 50),
    Row(
      testDescription: "a patch", step: { .patch(RuleScene.model, RuleScene.id(1), [(1, .integer(4))]) },
      isThere: true, looks: false, previous: 50),
    Row(
      testDescription: "a delete", step: { .delete(RuleScene.model, RuleScene.id(1)) }, isThere: true, looks: false,
      previous: 50),
  ]

  @Test("is the object's last write, or the last deletion of its id", arguments: rows)
  func table(row: Row) throws {
    var inputs = StepInputs(table: RuleScene.table, object: row.isThere ? Self.object : nil)
    #expect(StepRule.idToLookFor(row.step(), inputs) == (row.looks ? RuleScene.id(1) : nil))
    inputs.deletion = row.deletion
    let change = try #require(StepRule.apply(row.step(), inputs, in: RuleScene.context()).object)
    #expect(change.previous == row.previous)
  }

  @Test("is looked up by the runner for a new object under an id that a client chose, and for no other")
  func runner() throws {
    let store = MemoryStore()
    store.deletions = [RuleScene.id(1): 7, RuleScene.id(2): nil]
    let runner = PlanRunner(store, GroupState(version: 1, counters: [:], lastSequence: 9, appUser: nil))
    let model = RuleScene.model
    let steps: [WriteStep] = [
      .create(model, RuleScene.id(1), Self.row), .put(model, RuleScene.id(2), Self.row),
      .createNew(model, RuleScene.id(3), Self.row), .patch(model, RuleScene.id(1), [(1, .integer(4))]),
    ]
    _ = try runner.run(WritePlan(steps: steps, origin: "password"), clock: 0).get()
    #expect(store.previous == [7, nil, 0, 10])
    #expect(store.looked == [RuleScene.id(1), RuleScene.id(2)])
  }
}
