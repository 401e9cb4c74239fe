import Storage
import Wire

extension StorageConformance {
  /// What must run once runs under a lease with a fencing number.
  static let leases: [ConformanceCase] = [
    ConformanceCase("A lease is held by one until it ends, and each new holder has a higher number") { bed in
      try await Scene.with(bed) { scene in
        let (one, two) = (ObjectID.numbered(1), ObjectID.numbered(2))
        let first = try await scene.store.take(lease: "sweep", for: 10_000, as: one)
        try require(first, is: LeaseHold(name: "sweep", number: 1), "the first hold")
        try require(try await scene.store.take(lease: "sweep", for: 10_000, as: two), is: nil, "a held lease")
        let other = try await scene.store.take(lease: "trim", for: 10_000, as: two)
        try require(other, is: LeaseHold(name: "trim", number: 1), "another lease")
        scene.clock.advance(byMilliseconds: 9000)
        try require(try await scene.store.take(lease: "sweep", for: 10_000, as: one), is: first, "a renewed lease")
        scene.clock.advance(byMilliseconds: 9000)
        try require(try await scene.store.take(lease: "sweep", for: 10_000, as: two), is: nil, "a renewed lease")
        scene.clock.advance(byMilliseconds: 1000)
        let second = try await scene.store.take(lease: "sweep", for: 10_000, as: two)
        try require(second, is: LeaseHold(name: "sweep", number: 2), "the second hold")
        try await scene.store.giveUp(LeaseHold(name: "sweep", number: 1))
        try require(try await scene.store.take(lease: "sweep", for: 10_000, as: one), is: nil, "one given up too late")
        try await scene.store.giveUp(LeaseHold(name: "sweep", number: 2))
        let third = try await scene.store.take(lease: "sweep", for: 10_000, as: one)
        try require(third, is: LeaseHold(name: "sweep", number: 3), "the third hold")
      }
    },

    ConformanceCase("What is written under an older number is refused, and nothing of it done") { bed in
      try await Scene.with(bed) { scene in
        let flights = try scene.model()
        let hold = try require(
          some: try await scene.store.take(lease: "job", for: 1000, as: .numbered(1)), "a free lease")
        func write(_ number: Int, under hold: LeaseHold) async throws {
          var plan = WritePlan(
            steps: [.create(flights, .numbered(number), try flights.row())], policy: .atomic, origin: "job")
          plan.preconditions = [.lease(hold)]
          _ = try await scene.store.write(plan)
        }
        try await write(1, under: hold)
        scene.clock.advance(byMilliseconds: 2000)
        // It has ended, but nobody has taken it: no other can have written.
        try await write(2, under: hold)
        let next = try require(
          some: try await scene.store.take(lease: "job", for: 1000, as: .numbered(2)), "a lease that has ended")
        try await require(.leaseLost("job"), from: { try await write(3, under: hold) }, "a lost lease")
        try await require(
          .leaseLost("none"), from: { try await write(3, under: LeaseHold(name: "none", number: 1)) }, "no lease")
        try await write(4, under: next)
        try require(
          try await scene.all(flights).map(\.id), is: [.numbered(1), .numbered(2), .numbered(4)], "the objects")
      }
    },
  ]
}
