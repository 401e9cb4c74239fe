import Storage
import Wire

extension StorageConformance {
  static let audits: [EngineCase] = [
    EngineCase(
      "A store of people chains the entries of the audit, over a restart",
      visiting: { data in
        var whole = try draft("reveal", at: 5)
        whole.person = try person(1, at: 1).id
        (whole.deployment, whole.address, whole.target) = ("a", "192.0.2.1", "flight \u{1F6EB}")
        (whole.filter, whole.count, whole.reference, whole.outcome) = ("status = ?", 0, "17", "began")
        let drafts = [try draft("one"), whole, try draft("three", at: 2)]
        try await data.visit { engine in
          let entries = try await perform([], audit: Array(drafts[..<2]), on: engine).audit
          try require(entries.map(\.draft), is: Array(drafts[..<2]), "what was entered")
        }
        try await data.visit { engine in
          try await perform([], audit: [drafts[2]], on: engine)
          let entries = try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 10))
          try require(entries.map(\.draft), is: drafts, "the audit")
          try require(entries.map(\.number), is: [1, 2, 3], "numbers")
          try requireChain(entries, after: .start)
          try require(try await engine.people.auditAnchor(), is: .start, "the anchor")
        }
      }),

    EngineCase("A store of people that trims the audit keeps what the rest is chained to") { engine in
      for seconds in [10, 30, 20, 40] as [Int64] {
        try await perform([], audit: [try draft("at \(seconds)", at: seconds)], on: engine)
      }
      let all = try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 10))
      // The clock went back between the second and the third entry: no entry before one that is kept goes.
      try await perform([.trimAudit(before: try instant(25))], on: engine)
      var anchor = try await engine.people.auditAnchor()
      try require(anchor, is: all[0].anchor, "the anchor")
      try requireChain(try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 10)), after: anchor)
      try await perform([.trimAudit(before: try instant(5))], on: engine)
      try require(try await engine.people.auditAnchor(), is: anchor, "the anchor where nothing was trimmed")
      try await perform([.trimAudit(before: try instant(1000))], audit: [try draft("after", at: 1000)], on: engine)
      anchor = try await engine.people.auditAnchor()
      try require(anchor, is: all[3].anchor, "the anchor where all was trimmed")
      let rest = try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 10))
      try require(rest.map(\.number), is: [5], "what came after")
      try requireChain(rest, after: anchor)
    },

    EngineCase("A store of people finds entries of the audit by who, where, what, on what and when") { engine in
      let (ada, bob) = (try person(1, at: 1).id, try person(2, at: 1).id)
      var drafts: [AuditDraft] = []
      for (number, (person, deployment)) in Self.owners(ada, bob).enumerated() {
        var draft = try draft(number % 2 == 0 ? "reveal" : "sign-in", at: Int64(number) * 10)
        (draft.person, draft.deployment, draft.target) = (person, deployment, "t\(number % 3)")
        drafts.append(draft)
      }
      try await perform([], audit: drafts, on: engine)
      var wants = [AuditWant(.newest(before: nil), limit: 10)]
      func add(_ change: (inout AuditWant) throws -> Void) rethrows {
        for order in [.newest(before: nil), .newest(before: 4), .oldest(after: 2)] as [AuditWant.Order] {
          for limit in [0, 1, 10] {
            var want = AuditWant(order, limit: limit)
            try change(&want)
            for reach in [nil, 0, 2, 100] as [Int64?] {
              want.reach = reach
              wants.append(want)
            }
          }
        }
      }
      add { $0.person = ada }
      add { $0.deployment = "a" }
      add { $0.action = "reveal" }
      add { $0.target = "t1" }
      try add { $0.from = try instant(20) }
      try add { $0.to = try instant(20) }
      try add { ($0.person, $0.deployment, $0.from, $0.to) = (ada, "a", try instant(1), try instant(40)) }
      for want in wants {
        try require(
          try await engine.people.audit(want).map(\.number), is: numbers(of: drafts, want), "entries for \(want)")
      }
    },

    EngineCase("A store of people numbers the audit without gaps when many act at once") { engine in
      try await withThrowingTaskGroup { group in
        for number in 0..<30 {
          group.addTask {
            _ = try await perform([], audit: [try draft("a\(number)"), try draft("b\(number)")], on: engine)
          }
        }
        try await group.waitForAll()
      }
      let entries = try await engine.people.audit(AuditWant(.oldest(after: 0), limit: 100))
      try require(entries.count, is: 60, "entries")
      try requireChain(entries, after: .start)
      for pair in stride(from: 0, to: 60, by: 2) {
        try require(
          entries[pair].draft.action.dropFirst() == entries[pair + 1].draft.action.dropFirst(),
          "entries of one plan have another's between them")
      }
    },
  ]

  private static func owners(_ ada: PersonID, _ bob: PersonID) -> [(PersonID?, String?)] {
    [(ada, "a"), (bob, "a"), (ada, "b"), (nil, nil), (ada, "a")]
  }

  private static func requireChain(_ entries: [AuditEntry], after anchor: AuditAnchor) throws(ConformanceFailure) {
    var anchor = anchor
    for entry in entries {
      try require(entry.follows(anchor), "entry \(entry.number) does not follow \(anchor.number)")
      anchor = entry.anchor
    }
  }

  /// The numbers of the entries that are wanted, by the plain reading of what a want says.
  private static func numbers(of drafts: [AuditDraft], _ want: AuditWant) -> [Int64] {
    let all = drafts.enumerated().map { (number: Int64($0.offset + 1), draft: $0.element) }
    let inOrder =
      switch want.order {
      case .newest(let before): Array(all.filter { $0.number < before ?? .max }.reversed())
      case .oldest(let after): all.filter { $0.number > after }
      }
    let looked = want.reach.map { inOrder.prefix(Int($0)) } ?? inOrder[...]
    return Array(looked.filter { want.covers($0.draft) }.map(\.number).prefix(want.limit))
  }
}
