import Storage

extension StorageConformance {
  private static let id = "0123456789abcdef01234567"

  static let engines: [EngineCase] = [
    EngineCase(
      "An engine makes a deployment that is there after a restart, and not after its removal",
      visiting: { data in
        try await data.visit { engine in
          try await write(1, into: try await make(in: engine))
          try await engine.control.add(try deployment(id, at: 100))
        }
        try await data.visit { engine in
          let store = try await engine.open(deployment: id)
          try require(store.dataModel.models.map(\.name).contains("flight"), "the data model is another one")
          try require(try await count(in: store), is: 1, "objects")
          await store.close()
          try await engine.remove(deployment: id)
          try await requireNone(in: engine)
          // What is not there is removed as well.
          try await engine.remove(deployment: id)
        }
        try await data.visit { try await requireNone(in: $0) }
      }),

    EngineCase("An engine makes a deployment anew under the id of one that was removed") { engine in
      try await write(1, into: try await make(in: engine))
      try await engine.remove(deployment: id)
      let store = try await make(in: engine)
      try require(try await count(in: store), is: 0, "objects of the new one")
      await store.close()
    },

    EngineCase("An engine names deployments with data that the control store does not know") { engine in
      try require(try await engine.strays(), is: [], "strays without any data")
      await (try await make(in: engine)).close()
      try require(try await engine.strays(), is: [id], "strays before it is registered")
      try await engine.control.add(try deployment(id, at: 100))
      try require(try await engine.strays(), is: [], "strays when it is registered")
      try await engine.control.remove(deployment: id)
      try require(try await engine.strays(), is: [id], "strays when it is forgotten")
      try await engine.remove(deployment: id)
      try require(try await engine.strays(), is: [], "strays when its data is removed")
    },

    EngineCase("An engine never makes a deployment over objects that there are") { engine in
      try await write(1, into: try await make(in: engine))
      try await requireUnusable("a new deployment over objects") { _ = try await make(in: engine) }
      let store = try await engine.open(deployment: id)
      try require(try await count(in: store), is: 1, "objects after that")
      await store.close()
    },

    EngineCase("An engine makes a deployment over what a creation that was cut off left, which holds no objects") {
      engine in
      await (try await make(in: engine)).close()
      let store = try await make(in: engine)
      try await write(1, into: store)
    },
  ]

  private static func make(in engine: any StorageEngine) async throws -> any ObjectStore {
    try await engine.create(deployment: id, model: try SampleModel.read(SampleModel.flights), by: nil)
  }

  /// Writes an object and closes the store.
  private static func write(_ number: Int, into store: any ObjectStore) async throws {
    let flight = try require(some: store.dataModel["flight"], "the model flight")
    let plan = WritePlan(steps: [.create(flight, .numbered(number), try flight.row())], origin: "password")
    _ = try await store.write(plan)
    await store.close()
  }

  private static func count(in store: any ObjectStore) async throws -> Int {
    let flight = try require(some: store.dataModel["flight"], "the model flight")
    return try await store.read { try $0.count(flight, .always) }
  }

  private static func requireNone(in engine: any StorageEngine) async throws {
    try await requireUnusable("a deployment that is not there") { _ = try await engine.open(deployment: id) }
  }

  private static func requireUnusable(_ what: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch StorageError.unusable(let sentence) {
      return try require(!sentence.isEmpty, "no sentence says why \(what) is refused")
    }
    throw ConformanceFailure("\(what) was not refused")
  }
}
