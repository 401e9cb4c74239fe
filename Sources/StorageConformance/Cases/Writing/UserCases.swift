import Storage
import Wire

extension StorageConformance {
  /// What is kept of app users beside their objects.
  static let users: [ConformanceCase] = [
    ConformanceCase("A user is there when its object is, and nobody else") { bed in
      try await withUsers(bed) { scene, users in
        try require(
          try await scene.store.changeUser(.numbered(9), .unlock, at: scene.clock.now), is: nil, "an unknown user")
        try await scene.write(.create(users, .numbered(1), try users.row()))
        let first = try await scene.store.changeUser(.numbered(1), .unlock, at: scene.clock.now)
        try require(first, is: UserRecord(id: .numbered(1)), "a user of whom nothing is kept")
        try await scene.write(.create(try scene.model(), .numbered(2), try scene.model().row()))
        try require(
          try await scene.store.changeUser(.numbered(2), .unlock, at: scene.clock.now), is: nil,
          "an object of another model")
        scene.store.keepUsers(of: nil)
        try await scene.write(.create(users, .numbered(3), try users.row()))
        try require(
          try await scene.store.changeUser(.numbered(3), .unlock, at: scene.clock.now), is: nil,
          "a user where there are none")
      }
    },

    ConformanceCase("What is changed of a user is seen at once, and after the store was closed") { bed in
      let scene = try await Scene.open(on: bed)
      scene.store.keepUsers(of: "airline")
      let users = try scene.model("airline")
      try await scene.write(.create(users, .numbered(1), try users.row()))
      let full = DeviceDescription(
        deviceID: "d", device: "{\"id\":\"d\"}", container: "{\"version\":\"1\"}", runtime: "{}", label: "L\u{0}ä")
      let now = scene.clock.now
      for (session, about) in [(11, full), (12, DeviceDescription())] {
        _ = try await add([UInt8(session)], for: 1, to: scene.store)
        _ = try await scene.store.enrol(
          EnrolmentRequest(
            tokenHash: [UInt8(session)], about: about, secretHash: [1, 2], newID: .numbered(session), allowsMany: true,
            at: now))
      }
      _ = try await scene.store.changeUser(.numbered(1), .wipe(session: .numbered(12)), at: now)
      let written = try require(
        some: try await scene.store.changeUser(.numbered(1), .lock, at: now), "the changed user")
      try require(written.sessions.first?.about, is: full, "what its first device said of itself")
      try require(try await user(1, in: scene.store), is: written, "the user")
      try require(try await session(12, in: scene.store)?.state, is: .reset, "the second session")
      await scene.store.close()
      let again = try await bed.reopen(clock: scene.clock)
      again.keepUsers(of: "airline")
      try require(try await user(1, in: again), is: written, "the user after reopening")
      try require(try await session(11, in: again), is: written.sessions.first, "its session")
      await again.close()
    },

    ConformanceCase("Deleting a user's object locks the user and resets its sessions, in the same transaction") { bed in
      try await withUsers(bed) { scene, users in
        let flights = try scene.model()
        try await scene.write(.create(users, .numbered(1), try users.row()))
        try await scene.write(.create(flights, .numbered(1), try flights.row()))
        _ = try await enrolled(1, as: 11, in: scene)
        try await scene.write(.delete(flights, .numbered(1)))
        try require(try await session(11, in: scene.store)?.state, is: .enrolled, "after another model's object went")
        for (policy, isDryRun) in [(WritePlan.Policy.atomic, false), (.independent, true)] {
          _ = try await scene.write(
            [.delete(users, .numbered(1)), .delete(users, .numbered(404))], policy, isDryRun: isDryRun)
          try require(try await session(11, in: scene.store)?.state, is: .enrolled, "after what was undone")
        }
        scene.clock.advance(byMilliseconds: 5000)
        let revision = scene.store.sessionRevision
        try await scene.write(.delete(users, .numbered(1)))
        try require(scene.store.sessionRevision > revision, "a deleted user's sessions ended without a sign")
        let user = try require(some: try await user(1, in: scene.store), "the deleted user")
        try require(user.isLocked && !user.isEnrolled, "the deleted user is \(user)")
        try require(user.sessions.first?.times.signedOutAt, is: scene.clock.now, "when it was signed out")
        try await scene.write(.create(users, .numbered(2), try users.row()))
        try await scene.write(.delete(users, .numbered(2)))
        try require(try await Self.user(2, in: scene.store)?.isLocked, is: true, "a deleted user without sessions")
      }
    },

    ConformanceCase("An enrolment token works once, in its time, for a user who is there and not locked") { bed in
      try await withUsers(bed) { scene, users in
        let store = scene.store
        try require(try await add([1], for: 1, to: store), is: false, "a token for nobody")
        try await scene.write(.create(users, .numbered(1), try users.row()))
        try require(try await add([1], for: 1, to: store), is: true, "a token")
        let now = scene.clock.now
        try require(try await enrol([2], as: 11, at: now, in: store), is: .unknownToken, "another token")
        let late = Instant(clampingMilliseconds: Scene.start + 60_000)
        try require(try await enrol([1], as: 11, at: late, in: store), is: .expiredToken, "in its last second")
        _ = try await store.changeUser(.numbered(1), .lock, at: now)
        try require(try await enrol([1], as: 11, at: now, in: store), is: .lockedUser, "a locked user")
        _ = try await store.changeUser(.numbered(1), .unlock, at: now)
        let good = EnrolmentOutcome.enrolled(user: .numbered(1), session: .numbered(11))
        try require(try await enrol([1], as: 11, at: now, in: store), is: good, "the token")
        try require(try await enrol([1], as: 12, at: now, in: store), is: .usedToken, "a second time")
        try require(try await add([3], for: 1, to: store), is: true, "another token")
        try await scene.write(.delete(users, .numbered(1)))
        try require(try await enrol([3], as: 12, at: now, in: store), is: .deletedUser, "a deleted user")
      }
    },

    ConformanceCase("Of many that enrol with one token at once, one does") { bed in
      try await withUsers(bed) { scene, users in
        try await scene.write(.create(users, .numbered(1), try users.row()))
        _ = try await add([1], for: 1, to: scene.store)
        let now = scene.clock.now
        let outcomes = try await withThrowingTaskGroup(of: EnrolmentOutcome.self) { group in
          for number in 0..<20 {
            group.addTask { try await enrol([1], as: 100 + number, at: now, in: scene.store) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        try require(outcomes.filter { $0 == .usedToken }.count, is: 19, "those that came too late")
        try require(try await user(1, in: scene.store)?.sessions.count, is: 1, "sessions")
      }
    },

    ConformanceCase("Tokens are forgotten when they are long expired") { bed in
      try await withUsers(bed) { scene, users in
        try await scene.write(.create(users, .numbered(1), try users.row()))
        _ = try await add([1], for: 1, to: scene.store)
        let later = Instant(clampingMilliseconds: Scene.start + 61_000)
        _ = try await scene.store.add(
          EnrolmentToken(hash: [2], user: .numbered(1), expiresAt: .last), forgettingBefore: later)
        try require(try await enrol([1], as: 11, at: later, in: scene.store), is: .unknownToken, "the old token")
      }
    },

    ConformanceCase("A session that is not enrolled writes nothing") { bed in
      try await withUsers(bed) { scene, users in
        let flights = try scene.model()
        try await scene.write(.create(users, .numbered(1), try users.row()))
        _ = try await enrolled(1, as: 11, in: scene)
        func write(_ number: Int, as session: Int, isAtomic: Bool = false) async throws {
          _ = try await scene.store.write(
            WritePlan(
              steps: [.create(flights, .numbered(number), try flights.row())],
              policy: isAtomic ? .atomic : .independent, origin: "device:x", session: .numbered(session)))
        }
        try await write(1, as: 11)
        try await require(.sessionEnded(.reset), from: { try await write(2, as: 99) }, "an unknown session")
        _ = try await scene.store.changeUser(.numbered(1), .lock, at: scene.clock.now)
        for isAtomic in [false, true] {
          try await require(
            .sessionEnded(.locked), from: { try await write(3, as: 11, isAtomic: isAtomic) }, "a locked session")
        }
        try require(try await scene.all(flights).map(\.id), is: [.numbered(1)], "the objects")
      }
    },

    ConformanceCase("Connections are noted, and later times win") { bed in
      try await withUsers(bed) { scene, users in
        try await scene.write(.create(users, .numbered(1), try users.row()))
        _ = try await enrolled(1, as: 11, in: scene)
        let times = [5000, 2000, 9000].map { Instant(clampingMilliseconds: Scene.start + $0) }
        for time in times {
          try await scene.store.noteConnections([.numbered(11): time, .numbered(404): time])
        }
        try require(try await session(11, in: scene.store)?.times.lastConnectedAt, is: times[2], "the last connection")
      }
    },
  ]

  /// A store whose airlines are its users.
  private static func withUsers(
    _ bed: any StorageBed, _ body: (Scene, StoredModel) async throws -> Void
  ) async throws {
    try await Scene.with(bed) { scene in
      scene.store.keepUsers(of: "airline")
      try await body(scene, try scene.model("airline"))
    }
  }

  private static func user(_ number: Int, in store: any ObjectStore) async throws -> UserRecord? {
    try await store.read { try $0.users([.numbered(number)])[.numbered(number)] }
  }

  private static func session(_ number: Int, in store: any ObjectStore) async throws -> UserSession? {
    try await store.read { try $0.session(.numbered(number))?.session }
  }

  private static func enrolled(_ user: Int, as session: Int, in scene: Scene) async throws -> EnrolmentOutcome {
    _ = try await add([UInt8(session)], for: user, to: scene.store)
    return try await enrol([UInt8(session)], as: session, at: scene.clock.now, in: scene.store)
  }

  /// A token that is good for a minute.
  private static func add(_ hash: [UInt8], for user: Int, to store: any ObjectStore) async throws -> Bool {
    try await store.add(
      EnrolmentToken(
        hash: hash, user: .numbered(user), expiresAt: Instant(clampingMilliseconds: Scene.start + 60_000)),
      forgettingBefore: .first)
  }

  private static func enrol(
    _ hash: [UInt8], as session: Int, at now: Instant, in store: any ObjectStore
  ) async throws -> EnrolmentOutcome {
    try await store.enrol(
      EnrolmentRequest(
        tokenHash: hash, about: DeviceDescription(), secretHash: [9], newID: .numbered(session), allowsMany: false,
        at: now))
  }
}
