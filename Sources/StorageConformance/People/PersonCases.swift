import Storage
import Wire

extension StorageConformance {
  static let people: [EngineCase] = [
    EngineCase(
      "A store of people keeps them with all their members, in order of creation, over a restart",
      visiting: { place in
        let late = try person(1, at: 200)
        var early = try person(2, at: 100)
        (early.isOperator, early.seesSensitive, early.passwordHash) = (true, true, "$argon2id$")
        early.factor = PersonRecord.SecondFactor(sealedSecret: [0, 255, 1], lastStep: 7)
        early.recoveryHashes = [[UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32)]
        early.manner = PersonRecord.Manner(look: .dark, hasShortcuts: false)
        (early.lastSeenAt, early.resetAt) = (try instant(300), try instant(400))
        early.grants = [
          RoleGrant(deployment: "a", roles: [.viewer, .administrator], seesSensitive: true),
          RoleGrant(deployment: "b", roles: [.support]),
        ]
        try await place.visit { engine in
          try await perform([.person(late), .person(early)], on: engine)
          try require(try await engine.people.people(), is: [kept(early), kept(late)], "people")
          try require(try await engine.people.person(late.id), is: kept(late), "one of them")
        }
        try await place.visit { engine in
          try require(try await engine.people.people(), is: [kept(early), kept(late)], "after a restart")
          early.factor = nil
          (early.grants, early.recoveryHashes, early.passwordHash) = ([], [], nil)
          try await perform([.person(kept(early))], on: engine)
          try require(try await engine.people.person(early.id), is: kept(kept(early)), "the person with less")
        }
      }),

    EngineCase("A store of people finds an address whatever the case of its letters, and gives it to one alone") {
      engine in
      let people = engine.people
      var ada = try person(1, at: 1)
      ada.email = "Ada@Example.Org"
      try await perform([.person(ada)], on: engine)
      try require(try await people.person(email: "aDA@example.oRG")?.id, is: ada.id, "the person of the address")
      try require(try await people.person(email: "ada@example.or"), is: nil, "another address")
      let email = "ADA@EXAMPLE.ORG"
      try await requireRefused(.freeEmail(email, besides: nil), on: engine)
      try await perform([], if: [.freeEmail(email, besides: ada.id)], on: engine)
      var other = try person(2, at: 2)
      other.email = email
      try await requireRefusal("a second person of one address") { try await perform([.person(other)], on: engine) }
      try require(try await people.people(), is: [kept(ada)], "people after a refusal")
      var removed = kept(ada)
      removed.removedAt = try instant(5)
      try await perform([.person(removed)], on: engine)
      try require(try await people.person(email: email), is: nil, "the address of who was removed")
      try await perform([.person(other)], if: [.freeEmail(email, besides: nil)], on: engine)
      try require(try await people.people().map(\.name), is: [ada.name, other.name], "who was there")
    },

    EngineCase("A store of people does a plan only where all of its conditions hold, and then all of it") { engine in
      let (one, two) = (try person(1, at: 1), try person(2, at: 2))
      try await perform([.person(one)], if: [.nobody], audit: [try draft("one")], on: engine)
      for condition in [
        .nobody, .person(one.id, revision: 0), .person(two.id, revision: 1), .freeEmail(one.email, besides: nil),
        .session(try session(1, of: one.id, at: 1).id, revision: 1), .unusedLink(hash: [1]),
        .anotherOperator(besides: two.id),
      ] as [PeopleCondition] {
        let plan = PeoplePlan(
          [.person(two)], if: [.person(one.id, revision: 1), condition], audit: [try draft("two")])
        try require(
          try await engine.people.perform(plan), is: .refused(condition), "what came of a plan if \(condition)")
      }
      try require(try await engine.people.people(), is: [kept(one)], "people")
      try require(
        try await engine.people.audit(AuditWant(.newest(before: nil), limit: 9)).map(\.draft.action), is: ["one"],
        "the audit")
    },

    EngineCase("A store of people knows whether there is another operator, and forgets those who were removed") {
      engine in
      var (one, two) = (try person(1, at: 1), try person(2, at: 2))
      one.isOperator = true
      try await perform([.person(one), .person(two)], on: engine)
      try await requireRefused(.anotherOperator(besides: one.id), on: engine)
      two = kept(two)
      two.isOperator = true
      try await perform([.person(two)], on: engine)
      try await perform([], if: [.anotherOperator(besides: one.id)], on: engine)
      two = kept(two)
      two.removedAt = try instant(9)
      try await perform([.person(two)], on: engine)
      try await requireRefused(.anotherOperator(besides: one.id), on: engine)
      try await requireRefused(.nobody, on: engine)
    },

    EngineCase("A store of people keeps links until they end, and takes each once") { engine in
      let people = engine.people
      var join = LinkRecord(hash: [1], kind: .join, madeAt: try instant(1), expiresAt: try instant(100))
      (join.email, join.name, join.makesOperator) = ("ada@example.org", "Ada", true)
      join.grants = [RoleGrant(deployment: "a", roles: [.editor, .support], seesSensitive: true)]
      let ada = try person(1, at: 1)
      join.madeBy = ada.id
      var reset = LinkRecord(hash: [2], kind: .resetBoth, madeAt: try instant(2), expiresAt: try instant(50))
      reset.person = ada.id
      try await perform([.person(ada), .link(join), .link(reset)], on: engine)
      try require(try await people.links(), is: [reset, join], "links")
      try require(try await people.link(hash: [1]), is: join, "one of them")
      try await perform([], if: [.unusedLink(hash: [1])], on: engine)
      join.usedAt = try instant(3)
      try await perform([.link(join)], on: engine)
      try await requireRefused(.unusedLink(hash: [1]), on: engine)
      try await perform([.endLinks(of: ada.id)], on: engine)
      try require(try await people.links(), is: [join], "links after those of a person were ended")
      try await perform([.forget(try expiry(at: 101))], on: engine)
      try require(try await people.links(), is: [], "links after their time")
    },

    EngineCase("A control store that removes a deployment takes the roles in it from everybody") { engine in
      try await engine.control.add(try deployment("a", at: 1))
      var ada = try person(1, at: 1)
      ada.grants = [RoleGrant(deployment: "a", roles: [.viewer]), RoleGrant(deployment: "b", roles: [.viewer])]
      try await perform(
        [
          .person(ada), .choose(ColumnChoice(person: ada.id, deployment: "a", model: "m", columns: ["x"])),
          .keep(ViewState(person: ada.id, deployment: "a", address: "/", usedAt: try instant(1)), most: 5),
        ], on: engine)
      try await engine.control.remove(deployment: "a")
      try require(try await engine.people.person(ada.id)?.grants.map(\.deployment), is: ["b"], "roles")
      try require(try await engine.people.columns(of: "m", in: "a", for: ada.id), is: nil, "columns")
      try require(try await engine.people.view(1, of: ada.id, in: "a"), is: nil, "the view")
    },
  ]

  // MARK: Samples.

  static func person(_ number: UInt8, at seconds: Int64) throws -> PersonRecord {
    PersonRecord(
      id: PersonID(drawn: [0, 0, 0, 0, 0, number]), name: "Ada \u{1F469} \(number)", email: "ada\(number)@example.org",
      createdAt: try instant(seconds))
  }

  /// As the store has it once it was put there.
  static func kept(_ person: PersonRecord) -> PersonRecord {
    var person = person
    person.revision += 1
    return person
  }

  static func draft(_ action: String, at seconds: Int64 = 1) throws -> AuditDraft {
    AuditDraft(at: try instant(seconds), action: action)
  }

  /// Everything that lasts for 100 seconds is over.
  static func expiry(at seconds: Int64) throws -> PeopleExpiry {
    let then = try instant(seconds - 100)
    return PeopleExpiry(
      now: try instant(seconds), idleSince: then, begunBefore: then, heldBefore: then, noncesBefore: then,
      viewsBefore: then)
  }

  @discardableResult
  static func perform(
    _ changes: [PeopleChange], if conditions: [PeopleCondition] = [], audit: [AuditDraft] = [],
    on engine: any StorageEngine
  ) async throws -> PeopleDone {
    switch try await engine.people.perform(PeoplePlan(changes, if: conditions, audit: audit)) {
    case .done(let done): return done
    case .refused(let condition): throw ConformanceFailure("it was refused: \(condition)")
    }
  }

  static func requireRefused(_ condition: PeopleCondition, on engine: any StorageEngine) async throws {
    try require(
      try await engine.people.perform(PeoplePlan([], if: [condition])), is: .refused(condition),
      "what came of a plan if \(condition)")
  }
}
