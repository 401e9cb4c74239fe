import Storage
import Wire

extension StorageConformance {
  static let changes: [ConformanceCase] = [
    ConformanceCase(
      "Changes: from either end of a range, by model, operation and origin, and no more than is looked at"
    ) {
      bed in
      try await Scene.with(bed) { scene in
        let (flight, airline) = (try scene.model(), try scene.model("airline"))
        let person = "person:0123456789ab"
        try await scene.write([.create(flight, .numbered(1), flight.row())], origin: "token:a")
        try await scene.write([.create(airline, .numbered(1), airline.row())], origin: person)
        try await scene.write([try flight.patch(.numbered(1), ["tail": .text("B")])], origin: "\(person)/job:7")
        try await scene.write([.create(flight, .numbered(2), flight.row())], origin: "token:ab")
        try await scene.write([.delete(flight, .numbered(1))], origin: "password")
        let sequences = try await scene.oplog().map(\.sequence)
        let (all, flights): (Set<Int>, Set<Int>) = ([flight.number, airline.number], [flight.number])
        func origin(_ text: String) -> ChangePlan {
          ChangePlan(models: all, origin: OriginMatch(text), limit: 9)
        }
        let table: [(plan: ChangePlan, found: [Int], last: Int, hasMore: Bool, examined: Int)] = [
          (ChangePlan(models: all, limit: 9), [4, 3, 2, 1, 0], 0, false, 5),
          (ChangePlan(isNewestFirst: false, models: all, limit: 9), [0, 1, 2, 3, 4], 4, false, 5),
          (ChangePlan(models: all, limit: 2), [4, 3], 3, true, 2),
          (ChangePlan(isNewestFirst: false, models: flights, limit: 2), [0, 2], 2, true, 3),
          (ChangePlan(end: sequences[2], models: flights, limit: 9), [0], 0, false, 2),
          (ChangePlan(start: sequences[3], models: all, limit: 9), [4, 3], 3, false, 2),
          (ChangePlan(models: [airline.number], limit: 9, examined: 2), [], 3, true, 2),
          (ChangePlan(models: all, operation: .update, limit: 9), [2], 0, false, 5),
          (ChangePlan(models: [], limit: 9), [], 0, false, 5),
          (origin("token:a"), [0], 0, false, 5), (origin("token"), [3, 0], 0, false, 5),
          (origin(person), [2, 1], 0, false, 5), (origin("person"), [2, 1], 0, false, 5),
          (origin("\(person)/job:7"), [2], 0, false, 5), (origin("password"), [4], 0, false, 5),
          (origin("pass"), [], 0, false, 5), (origin("person:01"), [], 0, false, 5),
        ]
        for (plan, found, last, hasMore, examined) in table {
          let page = try await scene.store.read { try $0.changes(plan) }
          try require(page.changes.map(\.sequence), is: found.map { sequences[$0] }, "the entries of \(plan)")
          let reach = OplogReach(last: sequences[last], hasMore: hasMore, examined: examined)
          try require(page.reach, is: reach, "how far \(plan) came")
        }
        let nothing = try await scene.store.read { try $0.changes(ChangePlan(start: .max, models: all, limit: 9)) }
        try require(nothing.reach, is: OplogReach(last: nil, hasMore: false, examined: 0), "an empty range")
      }
    },

    ConformanceCase("Changes: an entry is found with the one before it, and says where that is not kept") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row()))
        for number in 1...3 {
          try await scene.write(try model.patch(.numbered(1), ["number": .integer(Int64(number))]))
        }
        let sequences = try await scene.oplog().map(\.sequence)
        for (index, sequence) in sequences.enumerated() {
          let page = try await scene.history(HistoryPlan(model, .numbered(1), at: sequence))
          try require(page.entries.map(\.sequence), is: [sequence], "entry \(index)")
          try require(page.predecessor(of: 0)?.sequence, is: index == 0 ? nil : sequences[index - 1], "before \(index)")
        }
        for (id, sequence) in [(1, sequences[0] + 100_000), (2, sequences[0]), (1, 0), (1, Int64.max)] {
          let page = try await scene.history(HistoryPlan(model, .numbered(id), at: sequence))
          try require(page.entries.isEmpty, "there is no entry \(sequence) of the object \(id)")
        }
        try await scene.trim(before: sequences[2])
        let page = try await scene.history(HistoryPlan(model, .numbered(1), at: sequences[2]))
        try require(page.entries.count == 1 && page.earlier == nil && page.end == .trimmed, "the oldest that is kept")
      }
    },
  ]
}
