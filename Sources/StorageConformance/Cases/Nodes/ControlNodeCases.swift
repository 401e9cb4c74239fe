import Storage
import Wire

extension StorageConformance {
  /// A control store that two nodes change and follow.
  static let controlNodes: [EngineCase] = [
    EngineCase(
      "A change of the control store is stored when its call returns: another node that asks then is told",
      visiting: { data in
        let last = try await data.visitTwice { here, there in
          for (id, nodes) in [("a", (here, there)), ("b", (there, here))] {
            for (what, change) in try everyChange(of: id) {
              let before = try await nodes.1.control.revision()
              try await change(nodes.0.control)
              let now = try await nodes.1.control.revision()
              try require(now > before, "the other node was not told of \(what)")
              let contents = try await nodes.1.control.contents()
              try require(contents, is: try await nodes.0.control.contents(), "what both read after \(what)")
              guard case .some(let notes, let told) = try await nodes.1.control.changes(since: before) else {
                throw ConformanceFailure("\(what) was forgotten")
              }
              try require(told.revision, is: now, "how far the other node is told of \(what)")
              let kept = contents.deployments.filter { $0.record.id == id }
              try require(told.deployments, is: kept, "what it is told of \(what)")
              try require(Set(notes.map(\.deployment)), is: [id], "whom it is told of by \(what)")
              try require(notes.last?.kind == .removed, is: kept.isEmpty, "whether it is gone after \(what)")
            }
            try await nodes.0.control.add(try deployment(id, at: 100))
          }
          return try await here.control.contents()
        }
        try require(try await data.visit { try await $0.control.contents() }, is: last, "after a restart")
      }),

    EngineCase(
      "A node that asks now and then what happened knows all that others changed: tokens, settings, deployments",
      visiting: { data in
        try await data.visitTwice { here, there in
          var random = SplitMix(seed: 20_130_202)
          var kept = KnownControl()
          var followers = [KnownControl(), KnownControl()]
          for round in 0..<150 {
            let (node, other) = random.once(in: 2) ? (here, there) : (there, here)
            try await change(node.control, &kept, &random, round)
            for index in followers.indices where random.once(in: 4) {
              try await followers[index].ask(other.control)
              try require(
                followers[index].inOrder, is: kept.inOrder, "what a node that follows knows after round \(round)")
            }
          }
        }
      }),
  ]

  /// Does one of what administrators do, to one of few deployments.
  private static func change(
    _ control: any ControlStore, _ kept: inout KnownControl, _ random: inout SplitMix, _ round: Int
  ) async throws {
    let id = try require(some: random.pick(["a", "b", "c"]), "an id")
    guard var deployment = kept.deployments[id] else {
      let made = try Self.deployment(id, at: Int64(round), settings: ["label": "\(round)"])
      kept.deployments[id] = KeptDeployment(made)
      return try await control.add(made)
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      kept.deployments[id] = nil
      return try await control.remove(deployment: id)
    case 1:
      deployment.record.passwordHash = [UInt8(round % 256)]
      try await control.setPassword(hash: deployment.record.passwordHash, of: id)
    case 2, 3:
      if let token = deployment.tokens.popLast() {
        try await control.remove(token: token.name, of: id)
      } else {
        deployment.tokens = [try token("t", of: id, at: Int64(round))]
        try await control.add(deployment.tokens[0])
      }
    default:
      let label = random.once(in: 3) ? nil : "\(round)"
      deployment.record.settings["label"] = label
      try await control.set([("label", label)], of: id)
    }
    kept.deployments[id] = deployment
  }
}

/// What is known of a control store: by the changes that were made, or by what a node was told of them.
private struct KnownControl {
  var deployments: [String: KeptDeployment] = [:]
  private var revision: Int64 = 0

  var inOrder: [KeptDeployment] {
    deployments.values.sorted { ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id) }
  }

  mutating func ask(_ control: any ControlStore) async throws {
    let changes = try await control.changes(since: revision)
    switch changes {
    case .everything: deployments = [:]
    case .some(let notes, _): for note in notes { deployments[note.deployment] = nil }
    }
    for kept in changes.contents.deployments { deployments[kept.record.id] = kept }
    revision = changes.contents.revision
  }
}
