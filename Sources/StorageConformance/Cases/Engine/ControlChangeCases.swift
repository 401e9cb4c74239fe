import Storage

extension StorageConformance {
  static let controlChanges: [EngineCase] = [
    EngineCase(
      "A control store raises its revision with each change, and keeps it over a restart",
      visiting: { data in
        let last = try await data.visit { engine in
          let control = engine.control
          var last = try await control.revision()
          for (what, change) in try everyChange(of: "a") {
            try await change(control)
            let now = try await control.revision()
            try require(now > last, "\(what) left the revision at \(last)")
            try require(try await control.contents().revision, is: now, "the revision of what is read after \(what)")
            last = now
          }
          return last
        }
        try require(try await data.visit { try await $0.control.revision() }, is: last, "after a restart")
      }),

    EngineCase("A control store does not count as a change what nobody acts by, or what was refused") { engine in
      let control = engine.control
      try await control.add(try deployment("a", at: 100))
      try await control.add(try token("t", of: "a", at: 100))
      let before = try await control.revision()
      try await control.touch([try use(of: "t", at: 500), try use(of: nil, at: 500)])
      try await requireRefusal("a second token of one name") { try await control.add(try token("t", of: "a", at: 1)) }
      try require(try await control.revision(), is: before, "the revision")
      try require(
        try await control.changes(since: before),
        is: .some([], ControlContents(revision: before, deployments: [])), "what happened")
    },

    EngineCase("A control store says in order what happened, with what it keeps now of what was touched") { engine in
      let control = engine.control
      for id in ["a", "b", "c"] { try await control.add(try deployment(id, at: 100)) }
      let start = try await control.revision()
      try await control.set([("label", "B")], of: "b")
      try await control.remove(deployment: "a")
      try await control.add(try token("t", of: "b", at: 1))
      try await control.add(try deployment("d", at: 50))
      guard case .some(let changes, let contents) = try await control.changes(since: start) else {
        throw ConformanceFailure("four changes were forgotten")
      }
      try require(changes.map(\.deployment), is: ["b", "a", "b", "d"], "the deployments that changed")
      try require(changes.map(\.kind), is: [.changed, .removed, .changed, .added], "how they changed")
      try require(changes.map(\.revision), is: changes.map(\.revision).sorted(), "revisions in order")
      try require(changes.allSatisfy { $0.revision > start }, "an older change among \(changes)")
      try require(contents.revision, is: changes.last?.revision ?? 0, "the revision of what is kept")
      let expected = [
        KeptDeployment(try deployment("d", at: 50)),
        KeptDeployment(
          try deployment("b", at: 100, settings: ["label": "B"]), tokens: [try token("t", of: "b", at: 1)]),
      ]
      try require(contents.deployments, is: expected, "what is kept of them")
      guard case .some(let rest, _) = try await control.changes(since: changes[2].revision) else {
        throw ConformanceFailure("the last change was forgotten")
      }
      try require(rest, is: [changes[3]], "what happened after the third")
    },

    EngineCase(
      "What one node changes in the control store, another is told by what happened since, in one order",
      visiting: { data in
        try await data.visitTwice { here, there in
          let start = try await there.control.revision()
          try await here.control.add(try deployment("a", at: 100))
          try await there.control.set([("label", "A")], of: "a")
          try await here.control.add(try token("t", of: "a", at: 1))
          try await there.control.remove(token: "t", of: "a")
          let told = try await there.control.changes(since: start)
          guard case .some(let changes, let contents) = told else {
            throw ConformanceFailure("four changes were forgotten")
          }
          try require(changes.map(\.kind), is: [.added, .changed, .changed, .changed], "what the second node is told")
          let expected = [KeptDeployment(try deployment("a", at: 100, settings: ["label": "A"]))]
          try require(contents.deployments, is: expected, "what is kept")
          try require(try await here.control.changes(since: start), is: told, "what the first node is told")
          try await here.control.remove(deployment: "a")
          try require(try await there.control.contents().deployments, is: [], "after the removal")
        }
      }),

    EngineCase("A control store tells everything to who asks for a past that it does not know") { engine in
      let control = engine.control
      for id in ["a", "b"] { try await control.add(try deployment(id, at: 100)) }
      let contents = try await control.contents()
      // Before there was anything, and from another store, as before a restore.
      for start in [-1, contents.revision + 1, .max, .min] {
        try require(
          try await control.changes(since: start), is: .everything(contents), "what happened since \(start)")
      }
    },

    EngineCase("A control store is asked and changed by many at once, and misses no change") { engine in
      let control = engine.control
      try await control.add(try deployment("a", at: 100))
      let start = try await control.revision()
      try await withThrowingTaskGroup { group in
        for number in 0..<20 {
          group.addTask { try await control.set([("key\(number)", "x")], of: "a") }
          group.addTask { _ = try await control.changes(since: start) }
        }
        try await group.waitForAll()
      }
      guard case .some(let changes, let contents) = try await control.changes(since: start) else {
        throw ConformanceFailure("twenty changes were forgotten")
      }
      try require(Set(changes.map(\.revision)).count, is: 20, "revisions")
      try require(contents.deployments.first?.record.settings.count, is: 20, "settings")
    },
  ]

  /// Each way to change what is kept, in an order in which all succeed.
  static func everyChange(
    of id: String
  ) throws -> [(what: String, change: (any ControlStore) async throws -> Void)] {
    let record = try deployment(id, at: 100)
    let token = try token("t", of: id, at: 100)
    return [
      ("adding a deployment", { try await $0.add(record) }),
      ("setting", { try await $0.set([("label", "A"), ("region", "eu")], of: id) }),
      ("going back to a default", { try await $0.set([("label", nil)], of: id) }),
      ("another password", { try await $0.setPassword(hash: [1], of: id) }),
      ("adding a token", { try await $0.add(token) }),
      ("revoking a token", { try await $0.remove(token: "t", of: id) }),
      ("removing a deployment", { try await $0.remove(deployment: id) }),
    ]
  }
}
