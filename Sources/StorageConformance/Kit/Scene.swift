import Storage
import Wire

/// A store with what a case needs to speak with it in few words.
struct Scene: Sendable {
  let store: any ObjectStore
  let clock: ManualClock

  /// 2013-01-31T09:05:00Z.
  static let start: Int64 = 1_359_623_100_000

  /// A new store; the clock stands still.
  static func open(
    on bed: any StorageBed, _ xml: String = SampleModel.flights, waitingWrites: Int? = nil
  ) async throws -> Scene {
    let clock = ManualClock(milliseconds: start)
    let model = try SampleModel.read(xml)
    return Scene(
      store: try await bed.create(model, clock: clock, waitingWrites: waitingWrites), clock: clock)
  }

  /// Runs `body` on a new store and closes it, however it ends.
  static func with(
    _ bed: any StorageBed, _ xml: String = SampleModel.flights, waitingWrites: Int? = nil,
    _ body: (Scene) async throws -> Void
  ) async throws {
    let scene = try await open(on: bed, xml, waitingWrites: waitingWrites)
    do {
      try await body(scene)
    } catch {
      await scene.store.close()
      throw error
    }
    await scene.store.close()
  }

  /// Runs `body` on two nodes of a new store and closes them, however it ends. They have one clock, unless the second
  /// is behind.
  static func withNodes(
    _ bed: any StorageBed, _ xml: String = SampleModel.flights, millisecondsBehind: Int64 = 0,
    _ body: (Scene, Scene) async throws -> Void
  ) async throws {
    try await with(bed, xml) { first in
      let clock = millisecondsBehind == 0 ? first.clock : ManualClock(milliseconds: start - millisecondsBehind)
      let second = Scene(store: try await bed.secondNode(clock: clock), clock: clock)
      do {
        try await body(first, second)
      } catch {
        await second.store.close()
        throw error
      }
      await second.store.close()
    }
  }

  /// The model of this name as it is deployed now.
  func model(_ name: String = "flight") throws -> StoredModel {
    try require(some: store.dataModel[name], "the deployed model \(name)")
  }

  /// Runs `body` on the model as it is deployed now, and again where another data model was deployed meanwhile.
  func planning<Result>(
    _ name: String = "flight", _ body: (StoredModel) async throws -> Result
  ) async throws -> Result {
    try await store.planning { try await body(try require(some: $0[name], "the deployed model \(name)")) }
  }

  // MARK: Writing.

  @discardableResult
  func write(
    _ steps: [WriteStep], _ policy: WritePlan.Policy = .independent, isDryRun: Bool = false,
    origin: String = "password"
  ) async throws -> [StepOutcome] {
    let plan = WritePlan(
      steps: steps, policy: policy, isDryRun: isDryRun, origin: origin, returnsStates: true)
    return try await store.write(plan).steps
  }

  @discardableResult
  func write(_ step: WriteStep) async throws -> StepOutcome {
    try require(some: try await write([step]).first, "the outcome of a step")
  }

  /// Writes where the object of the step is so.
  @discardableResult
  func write(_ step: WriteStep, if condition: ObjectCondition) async throws -> StepOutcome {
    var plan = WritePlan(steps: [step], origin: "password", returnsStates: true)
    plan.preconditions = [.object(step: 0, condition)]
    return try require(some: try await store.write(plan).steps.first, "the outcome of a step")
  }

  func deploy(_ xml: String) async throws {
    _ = try await store.deploy(try SampleModel.read(xml), by: nil)
  }

  // MARK: Reading.

  func state(_ id: ObjectID, of model: StoredModel) async throws -> ObjectState? {
    try await store.read { try $0.object(model, id)?.states.first }
  }

  /// All objects in order of creation.
  func all(_ model: StoredModel) async throws -> [ObjectState] {
    try await list(ReadPlan(model: model, limit: 1_000_000))
  }

  func list(_ plan: ReadPlan) async throws -> [ObjectState] {
    try await store.read { try $0.states(plan) }
  }

  func count(_ model: StoredModel, _ predicate: Predicate = .always) async throws -> Int {
    try await store.read { try $0.count(model, predicate) }
  }

  func oplog() async throws -> [OplogEntry] {
    try await store.read { try $0.oplog(from: 0, limit: 1_000_000) }
  }
}

extension Snapshot {
  func states(_ plan: ReadPlan) throws -> [ObjectState] {
    var states: [ObjectState] = []
    try list(plan) { states += $0.states }
    return states
  }
}

extension RowPage {
  /// The rows, each with the columns that were asked for. Those of the oplog have no number in the order of creation.
  var states: [ObjectState] {
    (0..<count).map { row in
      ObjectState(
        id: id(row, Lead.id), updatedAt: integer(row, Lead.updatedAt),
        row: value(row, Lead.row).isNull ? 0 : integer(row, Lead.row),
        sequence: integer(row, Lead.sequence),
        values: (Lead.count..<width).map { value(row, $0) })
    }
  }
}

extension StoredModel {
  /// One value for each column: those given by name, else null.
  func row(_ values: [String: StoredValue] = [:]) throws(ConformanceFailure) -> [StoredValue] {
    var row = [StoredValue](repeating: .null, count: columns.count)
    for (name, value) in values { row[try columnIndex(name)] = value }
    return row
  }

  func columnIndex(_ name: String) throws(ConformanceFailure) -> Int {
    try require(some: position(of: name), "the column \(name) of \(self.name)")
  }

  func column(_ name: String) throws(ConformanceFailure) -> ColumnReference { .column(try columnIndex(name)) }

  func patch(_ id: ObjectID, _ values: [String: StoredValue]) throws(ConformanceFailure) -> WriteStep {
    var changes: [(position: Int, value: StoredValue)] = []
    for (name, value) in values { changes.append((try columnIndex(name), value)) }
    return .patch(self, id, changes)
  }
}

extension ObjectID {
  /// The ids of cases: `…0001`, `…0002`.
  static func numbered(_ number: Int) -> ObjectID {
    ObjectID(high: 0x1111_2222_3333_4444, low: UInt64(number))
  }
}
