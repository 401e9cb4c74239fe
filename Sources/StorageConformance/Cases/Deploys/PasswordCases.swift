import DataModel
import Storage
import Wire

// Which columns are masked on pages: those whose values may have been written as passwords.

extension StorageConformance {
  static let passwords: [ConformanceCase] = [
    ConformanceCase("Passwords: a column that has held some is masked for good, and so is what it reads as") { bed in
      let scene = try await Scene.open(on: bed, document("text:password"))
      let model = try scene.model()
      try await scene.write(.create(model, .numbered(1), try model.row(["a": .text("12"), "b": .text("13")])))
      // Type now, whether `a` is masked, whether its texts are known for passwords.
      let deploys: [(type: String?, isMasked: Bool)] = [
        ("text", true), ("text:paragraph", true), ("integer", true), ("single-choice", true), ("location", false),
        ("multiple-choice", false), (nil, false), ("number", true), ("text", true), ("text:password", true),
      ]
      for (type, isMasked) in deploys {
        try await scene.deploy(document(type))
        try await check(scene, type ?? "no field", isMasked: isMasked)
      }
      try await scene.deploy(document("text"))
      await scene.store.close()
      let again = Scene(store: try await bed.reopen(clock: scene.clock), clock: scene.clock)
      try await check(again, "text, opened again", isMasked: true)
      try await again.deploy(document("integer"))
      try await check(again, "integer, behind that", isMasked: true)
      await again.store.close()
    },

    ConformanceCase("Passwords: a text that becomes one is masked with all that it held, and stays so") { bed in
      try await Scene.with(bed, document("text")) { scene in
        try require(try column("a", of: scene).isMasked, is: false, "a text")
        try await scene.deploy(document("integer"))
        try require(try column("a", of: scene).isMasked, is: false, "an integer behind a text")
        try await scene.deploy(document("text:password"))
        try require(try column("a", of: scene).isMasked, is: true, "a password")
        try await scene.deploy(document("integer"))
        try await check(scene, "an integer behind a password", isMasked: true)
      }
    },
  ]

  static let nodePasswords: [ConformanceCase] = [
    ConformanceCase("Nodes: which columns have held passwords is known to a node that did not deploy") { bed in
      try await Scene.withNodes(bed, document("text")) { here, there in
        for type in ["text:password", "text", "integer"] {
          try await here.deploy(document(type))
          let found = try await there.planning { model in
            try await there.write(.create(model, .numbered(1), try model.row()))
            return model.position(of: "a").map { model.columns[$0].isMasked }
          }
          try require(found, is: true, "\(type), at the other node")
        }
      }
    }
  ]

  /// A model with `a` of this type, or without it, beside a text that never held a password.
  private static func document(_ type: String?) -> String {
    let field = type.map { SampleModel.field("a", $0) } ?? ""
    return SampleModel.document(SampleModel.flight(field + SampleModel.field("b", "text")))
  }

  private static func column(_ name: String, of scene: Scene) throws -> StoredColumn {
    let model = try scene.model()
    return model.columns[try require(some: model.position(of: name), "the column \(name)")]
  }

  private static func check(_ scene: Scene, _ what: String, isMasked: Bool) async throws {
    let model = try scene.model()
    let found = model.position(of: "a").map { model.columns[$0].isMasked }
    try require(found ?? false, is: isMasked, "whether it is masked: \(what)")
    try require(try column("b", of: scene).isMasked, is: false, "the other field: \(what)")
    // Histories name it by its column, whatever the data model says of it now.
    let layout = try await scene.store.read { try $0.history(HistoryPlan(model, .numbered(1), limit: 1)).layout }
    let held = layout.columns.filter(\.heldPasswords).map { "\($0.name) \($0.storedType)" }
    try require(held, is: ["a text"], "columns that held passwords: \(what)")
  }
}
