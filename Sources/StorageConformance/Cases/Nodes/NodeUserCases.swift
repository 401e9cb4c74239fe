import Storage
import Wire

extension StorageConformance {
  /// App users and their sessions at two nodes.
  static let nodeUsers: [ConformanceCase] = [
    ConformanceCase("Nodes: a session that ends at one is refused at the other") { bed in
      try await withUsers(bed) { here, there, users in
        let flights = try here.model()
        for (number, nodes) in [(here, there), (there, here)].enumerated() {
          let (node, other) = nodes
          for (index, ending) in endings.enumerated() {
            let session = 100 * (number + 1) + index
            try await enrol(session, at: node)
            try await write(.numbered(session), of: flights, as: session, at: other)
            let revision = other.store.sessionRevision
            _ = try await node.store.changeUser(.numbered(1), ending.of(.numbered(session)), at: node.clock.now)
            let refusal = StorageError.sessionEnded(ending.state)
            try await require(
              refusal, from: { try await write(.numbered(9), of: flights, as: session, at: other) }, "\(ending.state)")
            try require(try await state(of: session, at: other), is: ending.state, "the session")
            try await within(.seconds(1), "the other node heard of no ended session") {
              other.store.sessionRevision > revision
            }
            _ = try await other.store.changeUser(.numbered(1), .unlock, at: node.clock.now)
          }
        }
        try require(try await here.count(flights), is: 2 * endings.count, "objects")
      }
    },

    ConformanceCase("Nodes: a user whose object is deleted at one is signed out at the other") { bed in
      try await withUsers(bed) { here, there, users in
        try await enrol(11, at: here)
        try await there.write(.delete(users, .numbered(1)))
        for node in [here, there] { try require(try await state(of: 11, at: node), is: .reset, "the session") }
        try await require(
          .sessionEnded(.reset),
          from: { try await write(.numbered(1), of: try here.model(), as: 11, at: here) }, "a write of its device")
      }
    },

    ConformanceCase("Nodes: of devices that enrol at both with one token, one does") { bed in
      try await withUsers(bed) { here, there, users in
        _ = try await here.store.add(token(7), forgettingBefore: .first)
        let outcomes = try await withThrowingTaskGroup(of: EnrolmentOutcome.self) { group in
          for number in 0..<20 {
            let node = number % 2 == 0 ? here : there
            group.addTask { try await node.store.enrol(request(7, as: 100 + number, at: node)) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        try require(outcomes.count { $0 == .usedToken }, is: 19, "those that came too late")
        let found = try await there.store.read { try $0.users([.numbered(1)])[.numbered(1)] }
        try require(found?.sessions.count, is: 1, "sessions")
      }
    },
  ]

  /// How a session can end, and what it is then.
  private static let endings: [(of: @Sendable (ObjectID) -> UserAct, state: SessionState)] = [
    ({ .reauthenticate(session: $0) }, .locked), ({ .wipe(session: $0) }, .reset), ({ _ in .lock }, .locked),
    ({ _ in .resetAll }, .reset),
  ]

  /// Two nodes of a store whose airlines are its users, as the first was told; there is the user 1.
  private static func withUsers(
    _ bed: any StorageBed, _ body: (Scene, Scene, StoredModel) async throws -> Void
  ) async throws {
    try await Scene.withNodes(bed) { here, there in
      here.store.keepUsers(of: "airline")
      let users = try here.model("airline")
      try await here.write(.create(users, .numbered(1), try users.row()))
      try await body(here, there, users)
    }
  }

  private static func token(_ number: Int) -> EnrolmentToken {
    EnrolmentToken(hash: [UInt8(number % 256)], user: .numbered(1), expiresAt: .last)
  }

  private static func request(_ token: Int, as session: Int, at node: Scene) -> EnrolmentRequest {
    EnrolmentRequest(
      tokenHash: [UInt8(token % 256)], about: DeviceDescription(), secretHash: [9], newID: .numbered(session),
      allowsMany: true, at: node.clock.now)
  }

  /// Signs a device of the user 1 in, with a token of its own.
  private static func enrol(_ session: Int, at node: Scene) async throws {
    _ = try await node.store.add(token(session), forgettingBefore: .first)
    let outcome = try await node.store.enrol(request(session, as: session, at: node))
    try require(outcome, is: .enrolled(user: .numbered(1), session: .numbered(session)), "an enrolment")
  }

  private static func state(of session: Int, at node: Scene) async throws -> SessionState? {
    try await node.store.read { try $0.session(.numbered(session))?.session.state }
  }

  /// Creates an object as the device of this session.
  private static func write(_ id: ObjectID, of model: StoredModel, as session: Int, at node: Scene) async throws {
    _ = try await node.store.write(
      WritePlan(steps: [.create(model, id, try model.row())], origin: "device:x", session: .numbered(session)))
  }
}
