import Storage
import Synchronization
import Wire

/// What tasks of a case tell each other.
private final class Progress: Sendable {
  let isOver = Atomic(false)
  let thrown = Atomic(0)
}

extension StorageConformance {
  private struct OwnError: Error {}

  /// Reads that say what they begin with, which engines may answer together.
  static let pointReads: [ConformanceCase] = [
    ConformanceCase("Reads that begin with an object see one state each, however many come together") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(0), try model.row(["number": .integer(1)])))
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            // After each write the first object says how many there are.
            for count in 2...60 {
              try await scene.write([
                .create(model, .numbered(count), try model.row()),
                try model.patch(.numbered(0), ["number": .integer(Int64(count))]),
              ])
            }
            progress.isOver.store(true, ordering: .relaxed)
          }
          for reader in 0..<24 {
            group.addTask {
              while !progress.isOver.load(ordering: .relaxed) {
                // Those that there are, some that come meanwhile, and some that never do.
                for id in [0, reader, 100 + reader] { try await check(.numbered(id), of: model, in: scene.store) }
              }
            }
          }
          try await group.waitForAll()
        }
        try await check(.numbered(0), of: model, in: scene.store)
      }
    },

    ConformanceCase("A read may begin otherwise than it said") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((1...3).map { .create(model, .numbered($0), try model.row()) })
        let expected = try await scene.all(model)
        let first = ObjectLookup(model, .numbered(1), versionsOf: [model])
        for _ in 0..<10 {
          let found = try await scene.store.read(beginningWith: first) { snapshot in
            (
              other: try snapshot.object(model, .numbered(2), versionsOf: [])?.page.states ?? [],
              count: try snapshot.count(model, .always),
              expected: try snapshot.object(model, .numbered(1), versionsOf: [model])?.page.states ?? []
            )
          }
          try require(found.other + found.expected, are: [expected[1], expected[0]], "the objects")
          try require(found.count, is: 3, "their count")
          let nothing = try await scene.store.read(beginningWith: first) { _ in 7 }
          try require(nothing, is: 7, "what a body that asks nothing returns")
        }
      }
    },

    ConformanceCase("What one of several reads throws is its own") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), try model.row()))
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<60 {
            group.addTask {
              let first = ObjectLookup(model, .numbered(1), versionsOf: [])
              do {
                let found = try await scene.store.read(beginningWith: first) { snapshot in
                  let found = try snapshot.object(model, .numbered(1), versionsOf: [])?.page.states ?? []
                  if number % 3 == 0 { throw OwnError() }
                  return found.count
                }
                try require(found, is: 1, "objects beside a read that fails")
              } catch is OwnError {
                progress.thrown.add(1, ordering: .relaxed)
              }
            }
          }
          try await group.waitForAll()
        }
        try require(progress.thrown.load(ordering: .relaxed), is: 20, "errors that came out")
      }
    },

    ConformanceCase("The state versions of a write are those that a snapshot behind it says") { bed in
      try await Scene.with(bed) { scene in
        let models = [try scene.model("airline"), try scene.model("flight")]
        func check(_ steps: [WriteStep], _ what: String, isDryRun: Bool = false) async throws {
          var plan = WritePlan(steps: steps, origin: "password")
          plan.isDryRun = isDryRun
          // Where the engine has no word for them, they are asked of a snapshot.
          guard let versions = try await scene.store.write(plan).stateVersions else { return }
          let said = try await scene.store.read { snapshot in models.map { snapshot.stateVersion(of: $0) } }
          for (model, said) in zip(models, said) {
            guard let said else { continue }
            try require(versions[model], is: said, "the state version of \(model.name) after \(what)")
          }
        }
        try await check([.create(models[0], .numbered(1), try models[0].row())], "a create of an airline")
        try await check([.create(models[1], .numbered(2), try models[1].row())], "a create of a flight")
        try await check([try models[0].patch(.numbered(1), ["name": .text("B")])], "a patch of an airline")
        try await check([.delete(models[1], .numbered(9))], "a deletion of what is not there")
        try await check([.delete(models[1], .numbered(2))], "a dry run", isDryRun: true)
        try await check(
          [.delete(models[1], .numbered(2)), .delete(models[0], .numbered(1))], "deletions of both")
      }
    },
  ]

  /// Reads as `beginningWith` has it, and compares with what the same snapshot says afterwards.
  private static func check(_ id: ObjectID, of model: StoredModel, in store: any ObjectStore) async throws {
    let number = try model.columnIndex("number")
    let first = ObjectLookup(model, id, versionsOf: [model])
    let found = try await store.read(beginningWith: first) { snapshot in
      let read = try snapshot.object(model, id, versionsOf: [model])
      let states = read?.page.states ?? []
      let again = try snapshot.object(model, id)?.states ?? []
      let count = try snapshot.count(model, .always)
      let counted = try snapshot.object(model, .numbered(0))?.states.first?.values[number]
      return (
        isSame: "\(states)" == "\(again)",
        isOfState: try read.map { read in
          // An engine may find out later that it cannot say, as where the model was written meanwhile.
          let version = snapshot.stateVersion(of: model)
          return try read.nextSequence == snapshot.nextSequence() && read.stateVersions.count == 1
            && (version == nil || read.stateVersions[0] == version)
        } ?? true, count: count, counted: counted
      )
    }
    try require(found.isSame, "the object is another one later in the same snapshot")
    try require(found.isOfState, "the object came with another state than its snapshot's")
    try require(found.counted, is: .integer(Int64(found.count)), "what was written together")
  }
}
