import Storage
import Wire

extension StorageConformance {
  static let namedViews: [EngineCase] = [
    EngineCase(
      "A store of people keeps views with names over a restart, for their owner, and for others where they are shared",
      visiting: { data in
        let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
        var (own, shared) = (namedView("b", of: ada), namedView("a", of: ada))
        own.note = "Notes \u{1F469}\nin two lines"
        shared.isShared = true
        try await data.visit { engine in
          own = try await add(own, "/m?a", on: engine, [.person(ada), .person(bob)])
          shared = try await add(shared, "/m?b", on: engine)
        }
        try await data.visit { engine in
          let people = engine.people
          try require(try await people.namedViews(want(ada)), is: [shared, own], "views of their owner")
          try require(try await people.namedViews(want(bob)), is: [shared], "views of somebody else")
          try require(try await people.namedViews(want(ada, "n")), is: [], "views of another model")
          try require(try await people.namedViews(want(ada, in: "b")), is: [], "views of another deployment")
          let found = try require(some: try await people.namedView(own.number, in: "a"), "a view by its number")
          try require(found.view, is: own, "the view")
          try require(found.address, is: "/m?a", "what it shows")
          try require(try await people.namedView(own.number, in: "b") == nil, "a view is in two deployments")
          try require(try await people.view(own.number, of: ada.id, in: "a"), is: nil, "a view of the other kind")
        }
      }),

    EngineCase("A store of people numbers views with names and those without together, and no number twice") { engine in
      let ada = try person(1, at: 1)
      let state = ViewState(person: ada.id, deployment: "a", address: "/", usedAt: try instant(1))
      let first = try await perform([.person(ada), .keep(state, most: 9)], on: engine).numbers
      let second = try await add(namedView("a", of: ada), "/", on: engine).number
      try await perform([.dropView(second)], on: engine)
      let third = try await add(namedView("a", of: ada), "/", on: engine).number
      let fourth = try await perform([.keep(state, most: 9)], on: engine).numbers
      try require(Set(first + [second, third] + fourth).count, is: 4, "numbers")
      try require(try await engine.people.namedView(second, in: "a") == nil, "a view that was dropped is there")
    },

    EngineCase("A store of people changes a view where its revision is still that one") { engine in
      let ada = try person(1, at: 1)
      var view = try await add(namedView("a", of: ada), "/", on: engine, [.person(ada)])
      let old = view.revision
      (view.name, view.note, view.isShared, view.changedAt) = ("b", "why", true, try instant(7))
      try await perform([.change(view)], if: [.namedView(view.number, revision: old)], on: engine)
      view.revision += 1
      try require(try await engine.people.namedView(view.number, in: "a")?.view, is: view, "the view")
      try await requireRefused(.namedView(view.number, revision: old), on: engine)
      try await perform([.dropView(view.number)], if: [.namedView(view.number, revision: view.revision)], on: engine)
      try await requireRefused(.namedView(view.number, revision: view.revision), on: engine)
    },

    EngineCase("A store of people finds a view by what it shows, an own one first") { engine in
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var shared = namedView("a", of: ada)
      shared.isShared = true
      shared = try await add(shared, "/m?x", on: engine, [.person(ada), .person(bob)])
      let own = try await add(namedView("z", of: bob), "/m?y", on: engine)
      _ = try await add(namedView("p", of: ada), "/m?z", on: engine)
      let people = engine.people
      try require(try await people.namedView(at: ["/m?x"], want(bob, "m")), is: shared, "a shared one")
      try require(try await people.namedView(at: ["/m?x", "/m?y"], want(bob, "m")), is: own, "an own one")
      try require(try await people.namedView(at: ["/m?z", "/m"], want(bob, "m")), is: nil, "a private one of another")
      try require(try await people.namedView(at: ["/m?x"], want(bob, "n")), is: nil, "one of another model")
      try require(try await people.namedView(at: [], want(bob, "m")), is: nil, "one that shows nothing")
    },

    EngineCase("A store of people counts the views of a person and those that are shared") { engine in
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var shared = namedView("a", of: ada)
      shared.isShared = true
      shared = try await add(shared, "/", on: engine, [.person(ada), .person(bob)])
      _ = try await add(namedView("b", of: ada), "/", on: engine)
      try await requireRefused(.roomForViews(of: ada.id, in: "a", most: 2), on: engine)
      try await requireRefused(.roomForSharedViews(in: "a", besides: nil, most: 1), on: engine)
      try await perform(
        [],
        if: [
          .roomForViews(of: ada.id, in: "a", most: 3), .roomForViews(of: bob.id, in: "a", most: 1),
          .roomForViews(of: ada.id, in: "b", most: 1), .roomForSharedViews(in: "a", besides: shared.number, most: 1),
          .roomForSharedViews(in: "a", besides: nil, most: 2), .roomForSharedViews(in: "b", besides: nil, most: 1),
        ], on: engine)
    },

    EngineCase("A store of people opens a view with its model, for one or for everybody, as long as it is there") {
      engine in
      let people = engine.people
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var shared = namedView("a", of: ada)
      shared.isShared = true
      shared = try await add(shared, "/", on: engine, [.person(ada), .person(bob)])
      let own = try await add(namedView("b", of: ada), "/", on: engine)
      func choice(_ person: PersonRecord?, _ view: NamedView?) -> ViewDefault {
        ViewDefault(deployment: "a", model: "m", person: person?.id, number: view?.number)
      }
      try await perform(
        [.open(choice(nil, shared)), .open(choice(ada, own)), .open(choice(bob, own))], on: engine)
      try require(
        try await people.viewDefaults(want(ada)), is: [choice(ada, own), choice(nil, shared)], "defaults of the owner")
      try require(
        try await people.viewDefaults(want(bob, "m")), is: [choice(nil, shared)], "one that is not there for them")
      try require(try await people.viewDefaults(want(bob, "n")), is: [], "defaults of another model")
      try await perform([.open(choice(ada, nil)), .open(choice(bob, shared))], on: engine)
      try require(try await people.viewDefaults(want(ada)), is: [choice(nil, shared)], "after it was taken away")
      shared.isShared = false
      try await perform([.change(shared)], on: engine)
      try require(try await people.viewDefaults(want(bob)), is: [], "defaults of a view that is shared no more")
      try await perform([.open(choice(ada, shared))], on: engine)
      try await perform([.dropView(shared.number)], on: engine)
      try require(try await people.viewDefaults(want(ada)), is: [], "defaults of a view that was dropped")
    },

    EngineCase("A store of people keeps what somebody shared when they are removed, and not what was theirs alone") {
      engine in
      let (ada, bob) = (try person(1, at: 1), try person(2, at: 1))
      var shared = namedView("a", of: ada)
      shared.isShared = true
      shared = try await add(shared, "/", on: engine, [.person(ada), .person(bob)])
      let own = try await add(namedView("b", of: ada), "/", on: engine)
      let everybodys = ViewDefault(deployment: "a", model: "m", person: nil, number: shared.number)
      var adas = everybodys
      (adas.person, adas.number) = (ada.id, own.number)
      var removed = kept(ada)
      removed.removedAt = try instant(5)
      try await perform([.open(everybodys), .open(adas), .person(removed)], on: engine)
      try require(try await engine.people.namedViews(want(bob)), is: [shared], "what was shared")
      try require(try await engine.people.namedView(own.number, in: "a") == nil, "what was theirs alone is there")
      try require(try await engine.people.viewDefaults(want(ada)), is: [everybodys], "defaults")
    },

    EngineCase("A control store that removes a deployment removes its views, and no others") { engine in
      for id in ["a", "b"] { try await engine.control.add(try deployment(id, at: 1)) }
      let ada = try person(1, at: 1)
      let gone = try await add(namedView("a", of: ada), "/", on: engine, [.person(ada)])
      var other = namedView("a", of: ada)
      other.deployment = "b"
      other = try await add(other, "/", on: engine)
      try await perform(
        [gone, other].map {
          .open(ViewDefault(deployment: $0.deployment, model: "m", person: ada.id, number: $0.number))
        }, on: engine)
      try await engine.control.remove(deployment: "a")
      try require(try await engine.people.namedViews(want(ada)), is: [], "views")
      try require(try await engine.people.viewDefaults(want(ada)), is: [], "defaults")
      try require(try await engine.people.namedViews(want(ada, in: "b")), is: [other], "views of another deployment")
      try require(try await engine.people.viewDefaults(want(ada, in: "b")).count, is: 1, "defaults of another one")
    },
  ]

  // MARK: Samples.

  private static func namedView(_ name: String, of owner: PersonRecord) -> NamedView {
    NamedView(deployment: "a", model: "m", owner: owner.id, name: name, changedAt: owner.createdAt)
  }

  private static func want(
    _ person: PersonRecord, _ model: String? = nil, in deployment: String = "a"
  ) -> NamedViewWant { NamedViewWant(deployment: deployment, person: person.id, model: model) }

  /// The view as the store has it.
  private static func add(
    _ view: NamedView, _ address: String, on engine: any StorageEngine, _ before: [PeopleChange] = []
  ) async throws -> NamedView {
    let done = try await perform(before + [.add(view, address: address)], on: engine)
    var added = view
    added.number = try require(some: done.numbers.first, "a number")
    added.revision += 1
    return added
  }
}
