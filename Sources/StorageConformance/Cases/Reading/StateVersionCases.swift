import Storage
import Synchronization

/// What was shown of each model at each state version.
private final class Seen: Sendable {
  private let shown = Mutex<[Int: [Int: String]]>([:])
  let compared = Atomic<Int>(0)
  let writersDone = Atomic<Int>(0)

  /// What was shown of it at this state version before, if anything was.
  func before(_ model: Int, at stateVersion: Int, _ states: String) -> String? {
    let known = shown.withLock { shown in
      defer { shown[model, default: [:]][stateVersion] = states }
      return shown[model]?[stateVersion]
    }
    if known != nil { compared.add(1, ordering: .relaxed) }
    return known
  }
}

extension StorageConformance {
  /// What may be remembered from one snapshot for another.
  static let stateVersions: [ConformanceCase] = [
    ConformanceCase("A state version of a model ends with a write to it, and outlives writes to others") { bed in
      try await Scene.with(bed) { scene in
        let (airline, flight) = (try scene.model("airline"), try scene.model("flight"))
        func stateVersion() async throws -> Int? { try await scene.store.read { $0.stateVersion(of: airline) } }
        try await scene.write(.create(airline, .numbered(1), try airline.row(["name": .text("A")])))
        let first = try await stateVersion()
        try await scene.write(.create(flight, .numbered(2), try flight.row()))
        try require(try await stateVersion(), is: first, "the state version after a write to another model")
        var seen: Set<Int> = []
        for step in [
          try airline.patch(.numbered(1), ["name": .text("B")]), .put(airline, .numbered(1), try airline.row()),
          .delete(airline, .numbered(1)),
        ] {
          try await scene.write(step)
          guard let now = try await stateVersion() else { continue }
          try require(now != first && seen.insert(now).inserted, "after a write the state version \(now) came again")
        }
      }
    },

    ConformanceCase("Snapshots that say the same state version show the same objects, whoever writes beside them") {
      bed in
      try await Scene.with(bed) { scene in
        let models = [try scene.model("airline"), try scene.model("flight")]
        try await scene.write(
          try models.flatMap { model in
            try (1...5).map { .create(model, .numbered($0 + model.number * 100), try model.row()) }
          })
        let seen = Seen()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for writer in 1...4 {
            group.addTask {
              for round in 1...3000 {
                // Where readers hardly have a turn, they are given more of them.
                if round > 150 {
                  if seen.compared.load(ordering: .relaxed) > 20 { break }
                  try await Task.sleep(for: .milliseconds(1))
                }
                // Three in four touch the first model alone or the second alone, the others both at once.
                let touched = round % 4 == 0 ? models : [models[(round + writer) % 2]]
                try await scene.write(
                  try touched.map { model in
                    let name = model.name == "airline" ? "name" : "tail"
                    return try model.patch(
                      .numbered(1 + round % 5 + model.number * 100), [name: .text("\(writer).\(round)")])
                  })
              }
              seen.writersDone.add(1, ordering: .relaxed)
            }
          }
          for _ in 1...3 {
            group.addTask {
              while seen.writersDone.load(ordering: .relaxed) < 4 {
                try await scene.store.read { snapshot in
                  for model in models {
                    let before = snapshot.stateVersion(of: model)
                    let states = "\(try snapshot.states(ReadPlan(model: model, limit: 100)))"
                    guard let before, snapshot.stateVersion(of: model) == before else { continue }
                    guard let known = seen.before(model.number, at: before, states) else { continue }
                    try require(states, is: known, "\(model.name) at the state version \(before)")
                  }
                }
              }
            }
          }
          try await group.waitForAll()
        }
        try require(seen.compared.load(ordering: .relaxed) > 20, "hardly a state version was seen twice")
      }
    },
  ]
}
