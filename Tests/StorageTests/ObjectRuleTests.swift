import StorageConformance
import Testing
import Wire

@testable import Storage

@Suite("What a step on an object does")
struct ObjectRuleTests {
  /// A step over an object, and what it comes to: the outcome, the positions written, the hidden columns emptied.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let step: @Sendable () -> WriteStep
    var own: [StoredValue]? = [.text("a"), .integer(3), .null]
    var hidden: [StoredValue] = [.null, .null]
    let outcome: String
    var changed: [Int] = []
    var cleared: [Int] = []
  }

  private static func patch(_ fields: [(position: Int, value: StoredValue)]) -> WriteStep {
    .patch(RuleScene.model, RuleScene.id(1), fields)
  }

  private static func put(_ values: [StoredValue]) -> WriteStep { .put(RuleScene.model, RuleScene.id(1), values) }

  static let rows: [Row] = [
    Row(testDescription: "a refused step", step: { .refused }, outcome: "refused"),
    Row(testDescription: "a patch of nothing", step: { patch([]) }, outcome: "unchanged"),
    Row(testDescription: "a patch of what is so", step: { patch([(1, .integer(3))]) }, outcome: "unchanged"),
    // Columns of other types are emptied whatever they hold: to look would cost as much.
    Row(
      testDescription: "a patch", step: { patch([(1, .integer(4))]) }, outcome: "updated", changed: [1],
      cleared: [0]),
    Row(
      testDescription: "a patch to null", step: { patch([(0, .null)]) }, outcome: "updated", changed: [0],
      cleared: [1]),
    Row(testDescription: "a position that the model lacks", step: { patch([(9, .null)]) }, outcome: "unchanged"),
    Row(testDescription: "a patch of nobody", step: { patch([]) }, own: nil, outcome: "missing"),
    Row(
      testDescription: "a put over all", step: { put([.text("b"), .null, .null]) }, outcome: "updated",
      changed: [0, 1], cleared: [1, 0]),
    Row(testDescription: "a put of what is so", step: { put([.text("a"), .integer(3), .null]) }, outcome: "unchanged"),
    Row(testDescription: "a put of nobody", step: { put([.text("a"), .null, .null]) }, own: nil, outcome: "created"),
    // The field was a text once, which reads as the number 7.
    Row(
      testDescription: "a value of another type that reads as the same", step: { patch([(1, .integer(7))]) },
      own: [.null, .null, .null], hidden: [.text("7"), .null], outcome: "unchanged"),
    Row(
      testDescription: "a value over one of another type", step: { patch([(1, .integer(8))]) },
      own: [.null, .null, .null], hidden: [.text("7"), .null], outcome: "updated", changed: [1], cleared: [0]),
    Row(
      testDescription: "null over a value of another type that reads as null", step: { patch([(1, .null)]) },
      own: [.null, .null, .null], hidden: [.text("seven"), .null], outcome: "updated", changed: [1], cleared: [0]),
    Row(
      testDescription: "a field that is not named keeps what reads as null", step: { patch([(0, .text("b"))]) },
      own: [.null, .null, .null], hidden: [.text("seven"), .null], outcome: "updated", changed: [0], cleared: [1]),
    Row(
      testDescription: "a put names every field", step: { put([.null, .null, .null]) }, own: [.null, .null, .null],
      hidden: [.text("seven"), .null], outcome: "updated", changed: [1], cleared: [0]),
    Row(
      testDescription: "a delete", step: { .delete(RuleScene.model, RuleScene.id(1)) }, outcome: "deleted"),
    Row(
      testDescription: "a delete of nobody", step: { .delete(RuleScene.model, RuleScene.id(1)) }, own: nil,
      outcome: "missing"),
  ]

  @Test("stands in a table", arguments: rows)
  func table(row: Row) {
    let effect = RuleScene.apply(row.step(), to: row.own.map { RuleScene.found($0, hidden: row.hidden) })
    #expect(effect.outcome.word == row.outcome)
    #expect(effect.object?.changed ?? [] == row.changed)
    #expect(effect.object?.cleared ?? [] == row.cleared)
    #expect((effect.object == nil) == ["refused", "unchanged", "missing"].contains(row.outcome))
    #expect(effect.kept == nil, "nothing beside the object")
    for position in row.changed { #expect(effect.object?.own[position] == effect.outcome.state?.values[position]) }
    for index in row.cleared { #expect(effect.object?.hidden[index] == .null) }
  }

  @Test("gives a new object the next row, sequence and time")
  func creating() throws {
    let values: [StoredValue] = [.text("a"), .null, .null]
    let effect = RuleScene.apply(.create(RuleScene.model, RuleScene.id(2), values))
    let object = try #require(effect.object)
    #expect(object.operation == .create && object.row == 10 && object.own == values && object.hidden.isEmpty)
    #expect(object.updatedAt == RuleScene.second + 10 && object.sequence == (RuleScene.second + 10) * 1000 * 1024)
    #expect(effect.outcome.state?.values == values)
  }

  @Test("keeps an object's time where the writer's is before it")
  func earlier() throws {
    var context = RuleScene.context()
    context.milliseconds = (RuleScene.second - 100) * 1000
    context.lastSequence = .max >> 1
    let old = RuleScene.found([.text("a"), .null, .null])
    for step in [Self.patch([(0, .null)]), .delete(RuleScene.model, RuleScene.id(1))] {
      let object = try #require(RuleScene.apply(step, to: old, context).object)
      #expect(object.updatedAt == RuleScene.second && object.sequence == .max >> 1 + 1)
    }
  }

  @Test("carries states only where the plan wants them")
  func states() {
    let context = RuleScene.context(returnsStates: false)
    let old = RuleScene.found([.text("a"), .null, .null])
    for step in [Self.patch([]), Self.patch([(0, .null)]), Self.put([.null, .null, .null])] {
      #expect(RuleScene.apply(step, to: old, context).outcome.state == nil)
    }
  }

  @Test("locks the user whose object is deleted, and only of the model that holds the users")
  func users() throws {
    let step = WriteStep.delete(RuleScene.model, RuleScene.id(1))
    let old = RuleScene.found([.null, .null, .null])
    let inputs = StepInputs(table: RuleScene.table, object: old)
    #expect(StepRule.needs(step, inputs, in: RuleScene.context(appUser: "airline")) == nil)
    #expect(RuleScene.apply(step, to: old, RuleScene.context(appUser: "airline")).kept == nil)
    let context = RuleScene.context(appUser: "flight")
    #expect(StepRule.needs(step, inputs, in: context)?.user == RuleScene.id(1))
    let changes = try #require(RuleScene.apply(step, to: old, context).kept)
    #expect(changes.user?.new.isLocked == true && changes.user?.old == nil && changes.endsSessions)
  }

  @Test("A step is stale where one of its conditions does not hold, and what was refused stays so")
  func stale() {
    let there = StepInputs(table: RuleScene.table, object: RuleScene.found([.null, .null, .null]))
    let gone = StepInputs(table: RuleScene.table)
    let rows: [(WriteStep, StepInputs, [ObjectCondition], String?)] = [
      (Self.patch([]), there, [], nil), (Self.patch([]), there, [.exists], nil),
      (Self.patch([]), there, [.exists, .isAbsent], "at 50"),
      (Self.patch([]), there, [.sequence(among: [49, 50])], nil),
      (Self.patch([]), there, [.sequence(among: [49])], "at 50"),
      (Self.patch([]), there, [.sequence(among: [])], "at 50"),
      (Self.patch([]), gone, [.exists], "gone"), (Self.patch([]), gone, [.sequence(among: [0])], "gone"),
      (Self.patch([]), gone, [.isAbsent], nil), (.refused, gone, [.exists], nil),
    ]
    for (step, inputs, conditions, stale) in rows {
      let outcome = StepRule.stale(step, inputs, conditions)
      #expect(outcome?.stale == stale && outcome?.isFailure ?? true, "\(conditions)")
    }
  }

  @Test("A create looks for its object where the plan has a condition on it alone")
  func createLooks() {
    let create = WriteStep.create(RuleScene.model, RuleScene.id(1), [.null, .null, .null])
    guard case .nothing = StepRule.needs(create) else { return #expect(Bool(false), "it looks") }
    guard case .object(_, RuleScene.id(1)) = StepRule.needs(create, isConditional: true) else {
      return #expect(Bool(false), "it does not look")
    }
  }
}
