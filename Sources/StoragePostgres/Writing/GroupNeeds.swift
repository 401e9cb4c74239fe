import Storage
import Wire

/// Which objects, and whose last deletions, the plans of a group ask for, as far as that can be told before they are
/// run: read together, in the round trip that begins the group.
struct GroupNeeds {
  private struct Part {
    let model: StoredModel
    var ids: [ObjectID] = []
    /// Those of which the last deletion is wanted.
    var deletions: [ObjectID] = []
  }

  private var parts: [Part] = []
  /// Whose devices write.
  private var sessions: [ObjectID] = []
  /// Ids that were made for new objects, which nothing ever had: those are not looked for. Where one is in use all the
  /// same, the database refuses it, and its plan is done again by itself, looking.
  private(set) var assumedAbsent: [GroupDraft.Key] = []

  var isEmpty: Bool { parts.isEmpty && sessions.isEmpty && assumedAbsent.isEmpty }
  var models: [StoredModel] { parts.map(\.model) }

  init() {}

  /// - Parameter looking: whether ids of new objects are looked for as well.
  init(_ plans: some Sequence<WritePlan>, looking isLooking: Bool) {
    for plan in plans {
      if let session = plan.session { sessions.append(session) }
      for step in plan.steps { add(step, isLooking) }
    }
  }

  private mutating func add(_ step: WriteStep, _ isLooking: Bool) {
    switch step {
    case .create(let model, let id, _), .put(let model, let id, _): add(model, id, deletion: true)
    case .patch(let model, let id, _), .delete(let model, let id): add(model, id, deletion: false)
    case .createNew(let model, let id, _):
      if isLooking { add(model, id, deletion: false) } else { assumedAbsent.append(GroupDraft.Key(model, id)) }
    case .receive, .refused, .kept: break
    }
  }

  mutating func add(_ model: StoredModel, _ id: ObjectID, deletion: Bool) {
    // Few models a group, most often one.
    let index = parts.firstIndex { $0.model.binding == model.binding } ?? parts.count
    if index == parts.count { parts.append(Part(model: model)) }
    parts[index].ids.append(id)
    if deletion { parts[index].deletions.append(id) }
  }

  // MARK: Questions and answers.

  /// The tables of all models are known.
  func ask(in pipeline: inout PostgresPipeline, _ tables: WrittenTables, _ schema: DeploymentSchema) throws {
    for part in parts {
      let statements = try tables.known(part.model.binding)
      pipeline.add(statements.select) { $0.addArray(.id) { for id in part.ids { $0.add(id: id) } } }
      if part.deletions.isEmpty { continue }
      pipeline.add(statements.deletions) {
        $0.addArray(.id) { for id in part.deletions { $0.add(id: id) } }
        $0.add(integer: Int64(part.model.number))
      }
    }
    if sessions.isEmpty { return }
    pipeline.add("SELECT id, state FROM \(schema.name).sessions WHERE id = ANY($1)") {
      $0.addArray(.id) { for id in sessions { $0.add(id: id) } }
    }
  }

  /// Calls `note` for each object that was asked for, with its last deletion where that was too.
  /// - Returns: the states of the sessions; nil of those that there are not.
  func take(
    _ answers: ArraySlice<PostgresResult>, _ tables: WrittenTables,
    _ note: (FoundObject?, Int64?, GroupDraft.Key) -> Void
  ) throws -> [ObjectID: SessionState?] {
    for key in assumedAbsent { note(nil, nil, key) }
    var answers = answers
    for part in parts {
      let statements = try tables.known(part.model.binding)
      var objects: [ObjectID: FoundObject] = [:]
      for object in try answers.next().map({ try statements.object($0) }) { objects[object.id] = object }
      var deletions: [ObjectID: Int64] = [:]
      if !part.deletions.isEmpty {
        try answers.next().each { deletions[try $0.id(0)] = try $0.integerIfAny(1) ?? 0 }
      }
      for id in part.ids { note(objects[id], deletions[id], GroupDraft.Key(part.model, id)) }
    }
    var states: [ObjectID: SessionState?] = [:]
    for id in sessions { states[id] = .some(nil) }
    if !sessions.isEmpty { try answers.next().each { states[try $0.id(0)] = try UserTables.state(try $0.text(1)) } }
    assert(answers.isEmpty, "each answer belongs to a question")
    return states
  }
}

extension ArraySlice<PostgresResult> {
  fileprivate mutating func next() throws -> PostgresResult {
    guard let first = popFirst() else { throw StorageError.broken("a question without an answer") }
    return first
  }
}
