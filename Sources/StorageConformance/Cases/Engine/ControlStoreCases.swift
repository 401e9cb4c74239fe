import Storage
import Wire

extension StorageConformance {
  static let controlStores: [EngineCase] = [
    EngineCase(
      "A control store keeps deployments with their settings, in order of creation, over a restart",
      visiting: { data in
        let late = try deployment("b", at: 200, settings: ["label": "B", "region": ""])
        let early = try deployment("c", at: 100)
        try await data.visit { engine in
          try require(try await engine.control.deployments(), is: [], "deployments of a new store")
          try await engine.control.add(late)
          try await engine.control.add(early)
          try require(try await engine.control.deployments(), is: [early, late], "deployments")
        }
        try require(
          try await data.visit { try await $0.control.deployments() }, is: [early, late], "after a restart")
      }),

    EngineCase("A control store refuses a second deployment of one id, and has changed nothing then") { engine in
      let control = engine.control
      let first = try deployment("a", at: 100, settings: ["label": "A"])
      try await control.add(first)
      let before = try await control.contents()
      try await requireRefusal("a second deployment of one id") {
        try await control.add(try deployment("a", at: 5, settings: ["label": "B"]))
      }
      try require(try await control.contents(), is: before, "what is kept")
      try await control.set([("region", "eu")], of: "a")
      try require(
        try await control.deployments().map(\.settings), is: [["label": "A", "region": "eu"]], "after a refusal")
    },

    EngineCase("A control store keeps U+FFFD where a text has U+0000, and finds by it what was kept so") { engine in
      let control = engine.control
      try await control.add(try deployment("a", at: 100, settings: ["label": "\u{0}A\u{0}\u{0}"]))
      try await control.set([("re\u{0}gion", "\u{0}")], of: "a")
      try require(
        try await control.deployments().map(\.settings),
        is: [["label": "\u{FFFD}A\u{FFFD}\u{FFFD}", "re\u{FFFD}gion": "\u{FFFD}"]], "settings")
      try await control.set([("re\u{0}gion", nil)], of: "a")
      try require(try await control.deployments().map(\.settings.count), is: [1], "settings, one of them gone")
    },

    EngineCase("A control store sets, replaces and forgets settings and passwords") { engine in
      let control = engine.control
      try await control.add(try deployment("a", at: 100, settings: ["label": "A"]))
      try await control.add(try deployment("b", at: 100))
      try await control.set([("label", "New"), ("region", "eu")], of: "a")
      try await control.set([("region", nil)], of: "b")
      try require(
        try await control.deployments().map(\.settings), is: [["label": "New", "region": "eu"], [:]], "settings")
      try await control.set([("label", "Newer"), ("label", nil)], of: "a")
      try await control.setPassword(hash: [7], of: "a")
      let kept = try await control.deployments()
      try require(kept.map(\.settings), is: [["region": "eu"], [:]], "settings of which the last value counts")
      try require(kept.map(\.passwordHash), is: [[7], [0, 1, 255]], "passwords")
    },

    EngineCase(
      "A control store says who set a setting last, and sets nothing where another value is set than was expected",
      visiting: { place in
        let (first, second) = (
          SettingNote(at: try instant(5), by: "person:1"), SettingNote(at: try instant(7), by: SettingNote.command)
        )
        try await place.visit { engine in
          let control = engine.control
          try await control.add(try deployment("a", at: 100, settings: ["label": "A"]))
          try await control.add(try deployment("b", at: 101))
          func set(
            _ values: [SettingsPlan.Assignment], if conditions: [SettingsPlan.Assignment] = [], _ note: SettingNote?
          ) async throws -> SettingsOutcome {
            let draft = try draft("settings", at: 5)
            return try await control.set(SettingsPlan(values, if: conditions, by: note, audit: [draft]), of: "a")
          }
          let done = try await set([("region", "eu")], if: [("region", nil), ("label", "A")], first)
          let entry = AuditEntry(try draft("settings", at: 5), after: .start)
          try require(done, is: .done([entry]), "what holds")
          let before = try await control.contents()
          for conditions in [[("region", nil)], [("label", "A"), ("region", "")]] as [[SettingsPlan.Assignment]] {
            let outcome = try await set([("region", "us"), ("label", nil)], if: conditions, second)
            try require(outcome, is: .refused, "what does not hold")
          }
          try require(try await control.contents(), is: before, "what is kept after a refusal, and its revision")
          let back = try await set([("label", nil), ("app_label", "")], if: [("region", "eu")], second)
          try require(back, is: .done([AuditEntry(entry.draft, after: entry.anchor)]), "going back")
          try require(try await set([("app_label", "x")], nil).isDone, "setting by nobody")
        }
        try await place.visit { engine in
          let audit = try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 10))
          try require(audit.map(\.number), is: [1, 2, 3], "entries of the audit")
          let kept = try await engine.control.deployments()
          try require(kept.map(\.settings), is: [["region": "eu", "app_label": "x"], [:]], "settings")
          try require(kept.map(\.settingNotes), is: [["region": first, "label": second], [:]], "who set them")
          try await engine.control.remove(deployment: "a")
          try await engine.control.add(try deployment("a", at: 100))
          try require(
            try await engine.control.deployments().map(\.settingNotes), is: [[:], [:]], "who set them, made anew")
        }
      }),

    EngineCase(
      "A control store keeps tokens, one of a name in each deployment, and says when they were used",
      visiting: { data in
        let all = [
          try token("reader", of: "a", at: 1), try token("short", of: "a", at: 2), try token("short", of: "b", at: 3),
        ]
        try await data.visit { engine in
          let control = engine.control
          for id in ["a", "b"] { try await control.add(try deployment(id, at: 100)) }
          for token in all.reversed() { try await control.add(token) }
          try require(try await control.tokens(), is: all, "tokens")
          try await requireRefusal("a second token of one name") {
            try await control.add(try token("short", of: "a", at: 9))
          }
          try await control.touch([
            try use(of: "short", at: 500), try use(of: "short", at: 400), try use(of: "nobody", at: 1),
            try use(of: "reader", at: 300),
          ])
          try await control.touch([try use(of: "reader", at: 299)])
          try require(
            try await control.tokens().map(\.lastUse),
            is: [try use(of: "reader", at: 300).use, try use(of: "short", at: 500).use, nil], "last uses")
          try await control.remove(token: "short", of: "a")
          try await control.remove(token: "nobody", of: "a")
        }
        try require(
          try await data.visit { try await $0.control.tokens() }.map(\.name), is: ["reader", "short"],
          "tokens after a restart")
      }),

    EngineCase(
      "A control store says when a password was last used, and from where",
      visiting: { data in
        try await data.visit { engine in
          for id in ["a", "b"] { try await engine.control.add(try deployment(id, at: 100)) }
          try await engine.control.touch([try use(of: nil, at: 500)])
          try await engine.control.touch([try use(of: nil, at: 400)])
        }
        try require(
          try await data.visit { try await $0.control.deployments().map(\.passwordUse) },
          is: [try use(of: nil, at: 500).use, nil], "last uses")
        try await data.visit { engine in
          try await engine.control.setPassword(hash: [7], of: "a")
          try require(
            try await engine.control.deployments().map(\.passwordUse), is: [nil, nil], "last uses of a new password")
        }
      }),

    EngineCase("A control store removes a deployment with all that belongs to it, and nothing of others") { engine in
      let control = engine.control
      let other = try deployment("b", at: 100, settings: ["label": "B"])
      try await control.add(try deployment("a", at: 100, settings: ["label": "A"]))
      try await control.add(other)
      for id in ["a", "b"] { try await control.add(try token("t", of: id, at: 1)) }
      try await control.remove(deployment: "a")
      try require(try await control.deployments(), is: [other], "deployments")
      try require(try await control.tokens().map(\.deployment), is: ["b"], "tokens")
      try await control.add(try deployment("a", at: 300))
      try require(try await control.deployments().map(\.settings), is: [["label": "B"], [:]], "made again")
    },
  ]

  static func instant(_ seconds: Int64) throws -> Instant {
    try require(some: Instant(secondsSince1970: seconds), "an instant")
  }

  static func deployment(_ id: String, at seconds: Int64, settings: [String: String] = [:]) throws -> DeploymentRecord {
    DeploymentRecord(
      id: id, name: "Flights \u{1F6EB}", environment: "testing", appID: "app", createdAt: try instant(seconds),
      passwordHash: [0, 1, 255], settings: settings)
  }

  static func token(_ name: String, of deployment: String, at seconds: Int64) throws -> TokenRecord {
    TokenRecord(
      deployment: deployment, name: name, hash: [9, 0, 9], isReadOnly: name == "reader",
      createdAt: try instant(seconds), expiresAt: name == "short" ? try instant(seconds + 60) : nil)
  }

  /// A use in the deployment `a`, from an address that tells when it was.
  static func use(of token: String?, at seconds: Int64) throws -> NotedUse {
    NotedUse(of: token, in: "a", CredentialUse(at: try instant(seconds), address: "192.0.2.\(seconds % 256)"))
  }

  /// Holds `body` to being refused by storage.
  static func requireRefusal(_ what: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch is StorageError {
      return
    }
    throw ConformanceFailure("\(what) was not refused")
  }
}

extension ControlStore {
  func tokens() async throws -> [TokenRecord] { try await contents().deployments.flatMap(\.tokens) }
}
