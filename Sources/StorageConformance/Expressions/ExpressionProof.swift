import DataModel
import JSON
import QueryLanguage
import Storage
import Wire

/// One random data model with its objects, asked in many ways through the whole path that a request of
/// `query.json` takes, and held to the plain reading of api.md (`PlainQuery.read`).
package struct ExpressionProof: Sendable {
  package let seed: UInt64
  package static let queriesInDataSet = 420

  package init(seed: UInt64) { self.seed = seed }

  /// - Returns: how many queries were compared.
  /// - Throws: `ConformanceFailure` with the smallest query found that differs, as a command line.
  package func run(on bed: any StorageBed) async throws -> Int {
    var random = RandomQueries(seed: seed)
    let members = random.members()
    let indexes = random.indexes(members)
    let xml = random.xml(members, isLater: false, indexes: indexes)
    let later = random.xml(members, isLater: true, indexes: indexes)
    var compared = 0
    try await Scene.with(bed, xml) { scene in
      let objects = try await Self.fill(scene, members, count: Int(seed % 17) * 3 + 2, &random)
      try await scene.deploy(later)
      let model = try scene.model()
      var queries = (0..<Self.queriesInDataSet).map { _ in random.query(members, like: objects) }
      queries.append(random.large(members, like: objects, terms: 60, depth: 0))
      queries.append(random.large(members, like: objects, terms: 0, depth: 64))
      if seed % 10 == 0 { queries.append(random.large(members, like: objects, terms: 2000, depth: 0)) }
      let asked = queries
      try await scene.store.read { snapshot in
        for query in asked { try Self.check(query, objects, model, later, in: snapshot) }
      }
      compared = asked.count
    }
    return compared
  }

  // MARK: Objects.

  private static func fill(
    _ scene: Scene, _ members: [RandomQueries.Member], count: Int, _ random: inout RandomQueries
  ) async throws -> [PlainObject] {
    let model = try scene.model()
    var objects: [PlainObject] = []
    for index in 0..<count {
      let id = ObjectID.random(using: &random.generator)
      objects.append(
        PlainObject(
          id: id.description, model: "flight", updatedAt: 0, index: index, values: random.values(members)))
    }
    // A few writes, so that times differ and agree.
    let groups = 4
    for group in 0..<groups {
      var steps: [WriteStep] = []
      for index in objects.indices where index * groups / count == group {
        objects[index].updatedAt = Int(scene.clock.milliseconds() / 1000)
        steps.append(.create(model, try id(objects[index]), try row(objects[index], model)))
      }
      try await scene.write(steps)
      scene.clock.advance(byMilliseconds: 1700)
    }
    for index in objects.indices.reversed() where random.once(in: 6) {
      if random.once(in: 2) {
        try await scene.write(.delete(model, try id(objects[index])))
        objects.remove(at: index)
      } else {
        var changed = objects[index]
        changed.values = random.values(members)
        changed.updatedAt = Int(scene.clock.milliseconds() / 1000)
        let outcome = try await scene.write(.put(model, try id(changed), try row(changed, model)))
        // The same once more is no change, and no new time.
        if case .unchanged = outcome { continue }
        objects[index] = changed
      }
    }
    return objects
  }

  private static func id(_ object: PlainObject) throws -> ObjectID {
    try require(some: ObjectID(object.id), "an id of the case")
  }

  /// The values as a write of the API makes them of JSON.
  private static func row(_ object: PlainObject, _ model: StoredModel) throws -> [StoredValue] {
    try model.columns.map { column in
      guard let spelled = object.values[column.name] else { return .null }
      if case .id(let text) = spelled.value { return .id(try require(some: ObjectID(text), "an id of the case")) }
      guard case .field(let field) = column.source else { return .null }
      return try FieldValue(name: field.name, field: field, purpose: .writing)
        .read(.json(try JSONDocument.read(spelled.json).root))
    }
  }

  // MARK: Comparing.

  private static func check(
    _ query: PlainQuery, _ objects: [PlainObject], _ model: StoredModel, _ xml: String, in snapshot: any Snapshot
  ) throws {
    guard difference(query, objects, model, in: snapshot) != nil else { return }
    let smallest = query.shrunk { difference($0, objects, model, in: snapshot) != nil }
    let found = difference(smallest, objects, model, in: snapshot) ?? ""
    let shown = objects.prefix(40).map { object in
      let fields = object.values.sorted { $0.key < $1.key }.map { name, value in
        let isID = if case .id = value.value { true } else { false }
        return "\"\(name)\(isID ? "_id" : "")\": \(value.json)"
      }
      return "  {\"method\": \"put\", \"object\": {"
        + (["\"type\": \"flight\"", "\"id\": \"\(object.id)\""] + fields).joined(separator: ", ") + "}}"
    }
    throw ConformanceFailure(
      """
      \(found)
      curl -u "$DEPLOYMENT:$PASSWORD" -H "Content-Type: application/json" \\
        "$BASE/objects/flight/query.json" -d '\(quoted(smallest.body))'
      on the objects
      curl -u "$DEPLOYMENT:$PASSWORD" -H "Content-Type: application/json" "$BASE/batch.json" -d '{"operations": [
      \(quoted(shown.joined(separator: ",\n")))]}'
      of \(xml)
      """)
  }

  private static func quoted(_ text: String) -> String {
    text.replacing(scalars: "'", with: #"'\''"#)
  }

  /// What the engine answers otherwise than it should; nil where it agrees.
  private static func difference(
    _ query: PlainQuery, _ objects: [PlainObject], _ model: StoredModel, in snapshot: any Snapshot
  ) -> String? {
    let expected = query.read(objects)
    do {
      let body = try QueryBody(try JSONDocument.read(query.body).root, query: try QueryPairs(nil), on: model)
      let plan = ReadPlan(
        model: model, predicate: body.predicate, sort: body.sort, skip: body.bounds.skip, limit: body.bounds.limit)
      var found: [String] = []
      try snapshot.list(plan) { page in found += page.states.map(\.id.description) }
      let total = try snapshot.count(model, body.predicate)
      if found == expected.ids, total == expected.total { return nil }
      return "found \(total): \(found), expected \(expected.total): \(expected.ids)"
    } catch {
      return "it threw \(error), expected \(expected.total): \(expected.ids)"
    }
  }
}
