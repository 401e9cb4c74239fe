import DataModel
import Storage

/// What a deploy has to do over a ground, before any number is given.
struct DeployPlan: Sendable {
  /// A table that is to be made, or gets columns.
  struct Work: Sendable {
    let model: Model
    /// Nil where the table is to be made.
    let number: Int?
    let missing: [StoredColumn.Source]
  }

  let ground: DeployGround
  let works: [Work]

  /// Columns that PostgreSQL takes in a table, without those that every table has: `n`, `id`, `updated_at`, `sequence`.
  static let mostColumns = 1600 - 4

  /// - Throws: `StorageError.unusable` with a sentence for people where the data model does not fit what is stored.
  init(_ model: DataModel, over ground: DeployGround) throws(StorageError) {
    var works: [Work] = []
    for model in model.models {
      let number = ground.models[model.name]?.number
      let layout = number.flatMap { ground.layouts[$0] } ?? TableLayout(columns: [])
      let missing = layout.missing(for: model)
      if number != nil, missing.isEmpty { continue }
      try Self.checkRoom(for: missing.count, beside: layout.columns.count, in: model)
      works.append(Work(model: model, number: number, missing: missing))
    }
    self.ground = ground
    self.works = works
  }

  /// A field that was removed, or had another type, keeps its column: a table can become full.
  private static func checkRoom(for new: Int, beside known: Int, in model: Model) throws(StorageError) {
    guard new > 0, known + new > mostColumns else { return }
    throw .unusable(
      "The model \(model.name) has had \(known) fields and relationships so far, counting those "
        + "that were removed or had another type, and their values are kept; \(new) more do not fit "
        + "(at most \(mostColumns)). Use fields that were declared before, or another model.")
  }

  /// The models, bound to tables and columns that are all there, as a data model of this version.
  static func bound(_ model: DataModel, to ground: DeployGround, version: Int) throws -> [StoredModel] {
    try model.models.map { model in
      guard let number = ground.models[model.name]?.number else {
        throw StorageError.broken("the table of the model \(model.name) is missing")
      }
      return try (ground.layouts[number] ?? TableLayout(columns: [])).bind(model, number: number, version: version)
    }
  }

  /// The indexes that are to be built over tables that are there. Columns that are to be made are taken as if they were
  /// the last of their tables.
  func indexWork(for model: DataModel, as version: Int) throws -> IndexWork {
    var next = (ground.layouts.values.flatMap { $0.columns.map(\.number) }.max() ?? 0) + 1
    var present: [StoredModel] = []
    for model in model.models {
      guard let number = ground.models[model.name]?.number else { continue }
      var columns = ground.layouts[number]?.columns ?? []
      for source in TableLayout(columns: columns).missing(for: model) {
        columns.append(
          TableLayout.Column(
            number: next, name: source.name, storedType: StoredColumn.storedType(of: source),
            heldPasswords: source.isPassword))
        next += 1
      }
      present.append(try TableLayout(columns: columns).bind(model, number: number, version: version))
    }
    return ground.indexWork(for: present)
  }

  /// About how long writes wait for the longest step: a lock of some tables, or the switch.
  var secondsHoldingUp: Double { works.isEmpty ? 0.005 : 0.05 }
}
