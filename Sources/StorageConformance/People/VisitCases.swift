import Storage
import Wire

extension StorageConformance {
  static let visits: [EngineCase] = [
    EngineCase(
      "A store of people keeps sessions by their tokens, over a restart, and ends them",
      visiting: { place in
        let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
        var first = try session(1, of: ada.id, at: 10)
        first.elevatedUntil = try instant(99)
        let (second, other) = (try session(2, of: ada.id, at: 20), try session(3, of: bob.id, at: 30))
        try await place.visit { engine in
          _ = try await perform(
            [.person(ada), .person(bob), .session(first), .session(second), .session(other)], on: engine)
        }
        try await place.visit { engine in
          let found = try require(some: try await engine.people.session(tokenHash: [1]), "the first session")
          try require(found.0, is: kept(first), "the session")
          try require(found.1, is: kept(ada), "its person")
          try require(try await engine.people.session(tokenHash: [9]) == nil, "a token that is none has a session")
          try require(
            try await engine.people.sessions(of: ada.id), is: [kept(second), kept(first)], "sessions of a person")
          try await perform([], if: [.session(first.id, revision: 1)], on: engine)
          var renewed = kept(first)
          renewed.tokenHash = [4]
          try await perform([.session(renewed)], if: [.session(first.id, revision: 1)], on: engine)
          try await requireRefused(.session(first.id, revision: 1), on: engine)
          try require(try await engine.people.session(tokenHash: [1]) == nil, "the token of before is good")
          try await perform([.endSessions(of: ada.id, besides: second.id)], on: engine)
          try require(try await engine.people.sessions(of: ada.id), is: [kept(second)], "what is left")
          try await perform([.endSession(second.id)], on: engine)
          try require(try await engine.people.sessions(of: ada.id), is: [], "what is left of the person's")
          try require(try await engine.people.sessions(of: bob.id), is: [kept(other)], "somebody else's")
        }
      }),

    EngineCase("A store of people notes last uses, of which the latest wins, and no revision changes by it") {
      engine in
      let ada = try person(1, at: 1)
      let session = try session(1, of: ada.id, at: 10)
      try await perform([.person(ada), .session(session)], on: engine)
      try await perform([.used([session.id: try instant(50)])], on: engine)
      try await perform(
        [.used([session.id: try instant(40), SessionID(drawn: [9, 9, 9, 9, 9, 9]): .last])], on: engine)
      let found = try require(some: try await engine.people.session(tokenHash: [1]), "the session")
      try require(found.0.lastUseAt, is: try instant(50), "the last use")
      try require(found.1.lastSeenAt, is: try instant(50), "when the person was last seen")
      try require([found.0.revision, found.1.revision], is: [1, 1], "revisions")
    },

    EngineCase("A store of people shows a value to its session alone, and erases it") { engine in
      let people = engine.people
      let ada = try person(1, at: 1)
      let (one, two) = (try session(1, of: ada.id, at: 1), try session(2, of: ada.id, at: 1))
      let value = ShownValue(session: one.id, name: "token", sealed: [0, 7], until: try instant(100))
      var other = value
      (other.name, other.sealed) = ("codes", [8])
      try await perform([.person(ada), .session(one), .session(two), .show(value), .show(other)], on: engine)
      try require(try await people.shown("token", to: one.id), is: value, "the value")
      try require(try await people.shown("token", to: two.id), is: nil, "what another session is shown")
      var later = value
      later.sealed = [9]
      try await perform([.show(later), .erase(shown: "codes", of: one.id)], on: engine)
      try require(try await people.shown("token", to: one.id), is: later, "the value that replaced it")
      try require(try await people.shown("codes", to: one.id), is: nil, "what was erased")
      try await perform([.endSession(one.id)], on: engine)
      try require(try await people.shown("token", to: one.id), is: nil, "a value of a session that ended")
    },

    EngineCase("A store of people holds forms for their person, so many at most") { engine in
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      try await perform([.person(ada), .person(bob)], on: engine)
      func form(_ number: UInt8, of person: PersonRecord) throws -> HeldForm {
        HeldForm(person: person.id, path: "/a", sealed: [number], heldAt: try instant(Int64(number)))
      }
      var numbers: [Int64] = []
      for number in 1...4 as ClosedRange<UInt8> {
        numbers += try await perform([.hold(try form(number, of: ada), most: 3)], on: engine).numbers
      }
      let others = try await perform([.hold(try form(9, of: bob), most: 3)], on: engine).numbers
      try require(Set(numbers + others).count, is: 5, "numbers")
      try require(try await engine.people.held(numbers[0], of: ada.id), is: nil, "the oldest of four")
      try require(try await engine.people.held(numbers[3], of: ada.id), is: try form(4, of: ada), "the newest")
      try require(try await engine.people.held(numbers[3], of: bob.id), is: nil, "what somebody else is shown")
      try await perform([.drop(held: numbers[3], of: bob.id)], on: engine)
      try require(try await engine.people.held(numbers[3], of: ada.id) != nil, "somebody else dropped it")
      try await perform([.drop(held: numbers[3], of: ada.id)], on: engine)
      try require(try await engine.people.held(numbers[3], of: ada.id), is: nil, "what was dropped")
    },

    EngineCase("A store of people takes a nonce once, and says what came of it") { engine in
      let nonce = NonceRecord(nonce: [1, 0, 255], at: try instant(1))
      try await perform([.nonce(nonce)], if: [.freeNonce(nonce.nonce)], on: engine)
      try await requireRefused(.freeNonce(nonce.nonce), on: engine)
      try require(try await engine.people.nonce(nonce.nonce), is: nonce, "a nonce that is being done")
      var done = nonce
      done.outcome = "/databrowser"
      try await perform([.nonce(done)], on: engine)
      try require(try await engine.people.nonce(nonce.nonce), is: done, "one that was done")
      try require(try await engine.people.nonce([2]), is: nil, "one that never came")
    },

    EngineCase("A store of people keeps views by number, columns by model, and single facts") { engine in
      let people = engine.people
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var view = ViewState(person: ada.id, deployment: "a", address: "/m?q=1", usedAt: try instant(5))
      let number = try require(
        some: try await perform([.person(ada), .person(bob), .keep(view, most: 5)], on: engine).numbers.first,
        "a number")
      try await perform(
        [.useView(number: number, at: try instant(9)), .useView(number: number, at: .first)], on: engine)
      view.usedAt = try instant(9)
      try require(try await people.view(number, of: ada.id, in: "a"), is: view, "the view")
      try require(try await people.view(number, of: bob.id, in: "a"), is: nil, "somebody else's view")
      try require(try await people.view(number, of: ada.id, in: "b"), is: nil, "a view of another deployment")
      var choice = ColumnChoice(person: ada.id, deployment: "a", model: "m", columns: ["b", "a"])
      try await perform([.choose(choice), .fact(.pagesURL, "https://a")], on: engine)
      try require(try await people.columns(of: "m", in: "a", for: ada.id), is: ["b", "a"], "columns")
      try require(try await people.columns(of: "m", in: "a", for: bob.id), is: nil, "somebody else's columns")
      choice.columns = nil
      try require(try await people.fact(.pagesURL), is: "https://a", "a fact")
      try await perform([.choose(choice), .fact(.pagesURL, nil)], on: engine)
      try require(try await people.columns(of: "m", in: "a", for: ada.id), is: nil, "columns by default")
      try require(try await people.fact(.pagesURL), is: nil, "no fact")
    },

    EngineCase("A store of people keeps so many views of a person, those that were used last") { engine in
      let people = engine.people
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      try await perform([.person(ada), .person(bob)], on: engine)
      var numbers: [Int64] = []
      for (owner, seconds) in [(ada, 10), (bob, 1), (ada, 11)] as [(PersonRecord, Int64)] {
        let view = ViewState(person: owner.id, deployment: "a", address: "/", usedAt: try instant(seconds))
        numbers += try await perform([.keep(view, most: 2)], on: engine).numbers
      }
      try await perform([.useView(number: numbers[0], at: try instant(20))], on: engine)
      let last = ViewState(person: ada.id, deployment: "b", address: "/b", usedAt: try instant(30))
      numbers += try await perform([.keep(last, most: 2)], on: engine).numbers
      try require(try await people.view(numbers[0], of: ada.id, in: "a") != nil, "a view that was used again is gone")
      try require(try await people.view(numbers[2], of: ada.id, in: "a"), is: nil, "the one used longest ago")
      try require(try await people.view(numbers[3], of: ada.id, in: "b"), is: last, "the newest")
      try require(try await people.view(numbers[1], of: bob.id, in: "a") != nil, "somebody else's view is gone")
    },

    EngineCase("A store of people keeps the models that somebody opened last, apart from chosen columns") { engine in
      let people = engine.people
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      let choice = ColumnChoice(person: ada.id, deployment: "a", model: "m", columns: ["b"])
      var recent = RecentModels(person: ada.id, deployment: "a", models: ["m", "n"])
      try await perform([.person(ada), .person(bob), .choose(choice), .recent(recent)], on: engine)
      try require(try await people.recentModels(in: "a", for: ada.id), is: ["m", "n"], "models")
      try require(try await people.recentModels(in: "b", for: ada.id), is: [], "those of another deployment")
      try require(try await people.recentModels(in: "a", for: bob.id), is: [], "somebody else's")
      try require(try await people.columns(of: "m", in: "a", for: ada.id), is: ["b"], "columns")
      recent.models = ["n"]
      try await perform([.recent(recent)], on: engine)
      try require(try await people.recentModels(in: "a", for: ada.id), is: ["n"], "later ones")
      recent.models = []
      try await perform([.recent(recent)], on: engine)
      try require(try await people.recentModels(in: "a", for: ada.id), is: [], "none")
    },

    EngineCase("A store of people forgets what is over, and keeps what is not") { engine in
      let people = engine.people
      let ada = try person(1, at: 1)
      // Those of 10 are over at 111, those of 20 are not.
      func made(at seconds: Int64) throws -> [PeopleChange] {
        let number = UInt8(seconds)
        let session = try session(number, of: ada.id, at: seconds)
        let time = try instant(seconds)
        return [
          .session(session),
          .show(ShownValue(session: session.id, name: "n", sealed: [], until: try instant(seconds + 100))),
          .hold(HeldForm(person: ada.id, path: "/", sealed: [], heldAt: time), most: 10),
          .nonce(NonceRecord(nonce: [number], at: time)),
          .keep(ViewState(person: ada.id, deployment: "a", address: "/", usedAt: time), most: 10),
          .link(
            LinkRecord(hash: [number], kind: .first, madeAt: time, expiresAt: try instant(seconds + 100))),
        ]
      }
      let numbers = try await perform([.person(ada)] + made(at: 10) + made(at: 20), on: engine).numbers
      try await perform([.forget(try expiry(at: 111))], on: engine)
      try require(try await people.sessions(of: ada.id).map(\.tokenHash), is: [[20]], "sessions")
      try require(try await people.shown("n", to: SessionID(drawn: [0, 0, 0, 0, 0, 10])), is: nil, "what was shown")
      try require(try await people.shown("n", to: SessionID(drawn: [0, 0, 0, 0, 0, 20])) != nil, "too much is erased")
      try require(try await people.links().map(\.hash), is: [[20]], "links")
      try require(try await people.nonce([10]), is: nil, "the older nonce")
      try require(try await people.nonce([20]) != nil, "the newer nonce is gone")
      try require(try await people.held(numbers[0], of: ada.id), is: nil, "the older form")
      try require(try await people.held(numbers[2], of: ada.id) != nil, "the newer form is gone")
      try require(try await people.view(numbers[1], of: ada.id, in: "a"), is: nil, "the older view")
      try require(try await people.view(numbers[3], of: ada.id, in: "a") != nil, "the newer view is gone")
    },

    EngineCase("A store of people ends sessions, links and held forms of who is removed, and of nobody else") {
      engine in
      let people = engine.people
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var numbers: [Int64] = []
      for (number, person) in [(1, ada), (2, bob)] as [(UInt8, PersonRecord)] {
        var link = LinkRecord(hash: [number], kind: .resetPassword, madeAt: try instant(1), expiresAt: .last)
        link.person = person.id
        numbers += try await perform(
          [
            .person(person), .session(try session(number, of: person.id, at: 1)), .link(link),
            .choose(ColumnChoice(person: person.id, deployment: "a", model: "m", columns: ["b"])),
            .hold(HeldForm(person: person.id, path: "/", sealed: [], heldAt: try instant(1)), most: 10),
          ], on: engine
        ).numbers
      }
      var removed = kept(ada)
      removed.removedAt = try instant(5)
      try await perform([.person(removed)], on: engine)
      try require(try await people.person(ada.id)?.name, is: ada.name, "the name of who was removed")
      try require(
        try await people.names(of: [ada.id, bob.id, PersonID(drawn: [9, 9, 9, 9, 9, 9])]),
        is: [ada.id: ada.name, bob.id: bob.name], "names of several")
      try require(try await people.names(of: []), is: [:], "names of nobody")
      try require(try await people.columns(of: "m", in: "a", for: ada.id), is: nil, "columns of who was removed")
      try require(try await people.session(tokenHash: [1]) == nil, "a session of who was removed is there")
      try require(try await people.links().map(\.hash), is: [[2]], "links")
      try require(try await people.held(numbers[0], of: ada.id), is: nil, "the form of who was removed")
      try require(try await people.session(tokenHash: [2]) != nil, "somebody else's session is gone")
      try require(try await people.held(numbers[1], of: bob.id) != nil, "somebody else's form is gone")
    },
  ]

  static func session(_ number: UInt8, of person: PersonID, at seconds: Int64) throws -> SessionRecord {
    SessionRecord(
      id: SessionID(drawn: [0, 0, 0, 0, 0, number]), person: person, tokenHash: [number],
      startedAt: try instant(seconds), address: "192.0.2.1", agent: "Browser \u{1F310}")
  }

  static func kept(_ session: SessionRecord) -> SessionRecord {
    var session = session
    session.revision += 1
    return session
  }
}
