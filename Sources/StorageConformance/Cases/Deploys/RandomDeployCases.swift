import DataModel
import Storage
import Wire

extension StorageConformance {
  static let randomDeploys: [ConformanceCase] = [
    ConformanceCase("Random deploys and writes leave what a plain model of them says, and old plans leave nothing") {
      bed in
      try await Scene.with(bed, SampleModel.document(SampleModel.flight(""))) { scene in
        var random = SplitMix(seed: 20_131_231)
        var reference = ReferenceFields()
        var earlier: [StoredModel] = []
        for round in 0..<150 {
          if random.once(in: 3) {
            earlier = Array((earlier + [try scene.model()]).suffix(3))
            try await scene.deploy(randomFlight(&random))
          }
          if random.once(in: 4), let old = random.pick(earlier) {
            try await require(
              .replan(version: scene.store.dataModel.version),
              from: { try await scene.write((0..<3).map { _ in randomStep(old, &random) }) },
              "a plan of data model \(old.binding.version) in round \(round)")
          }
          var steps: [WriteStep] = []
          for _ in 0..<Int.random(in: 1...6, using: &random) {
            steps.append(randomStep(try scene.model(), &random))
          }
          let expected = steps.map { reference.perform($0) }
          let outcomes = try await scene.write(steps).map(\.word)
          try require(outcomes, is: expected, "outcomes in round \(round)")
          let model = try scene.model()
          for state in try await scene.all(model) {
            let object = try require(some: reference.objects[state.id], "object \(state.id) in round \(round)")
            try require(
              state.values, are: ReferenceFields.row(object, under: model), "object \(state.id) in round \(round)")
          }
          try require(try await scene.count(model), is: reference.objects.count, "objects in round \(round)")
          try await checkList(scene, reference, model, &random)
        }
        let model = try scene.model()
        let entries = try await scene.oplog()
        try require(entries.map(\.id), is: reference.entries.map(\.id), "the objects of the oplog")
        for (entry, expected) in zip(entries, reference.entries) {
          try require(
            model.row(of: entry.values), are: ReferenceFields.row(expected.object, under: model),
            "entry \(entry.sequence)")
          let stored = Set(entry.values.map(\.value))
          try require(stored, is: Set(expected.object.values.map(\.value)), "all that entry \(entry.sequence) holds")
        }
      }
    }
  ]

  /// Up to five fields of any types, some of them indexed.
  private static func randomFlight(_ random: inout SplitMix) -> String {
    var fields = ""
    var indexes = ""
    for name in ["a", "b", "c", "d", "e"] where !random.once(in: 4) {
      // Mostly types that convert.
      let few: [FieldType] = [.text, .integer, .number, .date, .singleChoice, .multipleChoice]
      guard let type = random.pick(random.once(in: 3) ? FieldType.allCases : few) else { continue }
      fields += SampleModel.field(name, type)
      if type.isIndexable, random.once(in: 2) { indexes += "<index on=\"\(random.once(in: 2) ? "-" : "")\(name)\"/>" }
    }
    return SampleModel.document(SampleModel.flight(fields, tail: indexes))
  }

  private static func randomStep(_ model: StoredModel, _ random: inout SplitMix) -> WriteStep {
    let id = ObjectID.numbered(Int.random(in: 1...12, using: &random))
    let row = model.model.fields.map { field -> StoredValue in
      random.once(in: 4) ? .null : random.pick(FieldSample.all(of: field.type))?.value ?? .null
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: return .create(model, id, row)
    case 3..<5: return .put(model, id, row)
    case 5..<9:
      let positions = row.indices.filter { _ in random.once(in: 2) }
      return .patch(model, id, positions.map { (position: $0, value: row[$0]) })
    default: return .delete(model, id)
    }
  }

  /// A filter and a sort by one field, whatever index there is.
  private static func checkList(
    _ scene: Scene, _ reference: ReferenceFields, _ model: StoredModel, _ random: inout SplitMix
  ) async throws {
    guard let index = model.columns.indices.randomElement(using: &random) else { return }
    let column = ColumnReference.column(index)
    let value = random.pick(FieldSample.all(of: model.model.fields[index].type))?.value ?? .null
    let predicates: [Predicate] = [
      .equal(column, value), .notEqual(column, value), .isNull(column), .ordered(column, .greaterOrEqual, value),
      .always,
    ]
    var plan = ReadPlan(model: model, limit: 100)
    plan.predicate = random.pick(predicates) ?? .always
    plan.sort = [SortKey(column: column, descending: random.once(in: 2))]
    let all = try await scene.all(model)
    try require(try await scene.list(plan), are: plan.read(all), "\(plan.predicate) sorted by \(index)")
  }
}
