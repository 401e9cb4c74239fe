import Storage

/// What a deploy does to a file, worked out on a snapshot while the writer goes on. What takes long, such as
/// reading every model's columns, is done by then, and a dry run is the plan alone.
struct DeployPlan: Sendable {
  /// What gives deploys their numbers. As long as it is the same, no other deploy has come between, and the
  /// numbers in the plan are still free.
  struct Basis: Equatable, Sendable {
    /// Of the last deploy; 0 before the first.
    var version: Int64
    /// The highest that is given.
    var model: Int64
    var column: Int64
  }

  /// Columns that a table gets at its end.
  struct Addition: Sendable {
    let model: StoredModel
    let columns: [StoredColumn]
  }

  var basis: Basis
  /// The models as they are after the deploy.
  let models: [StoredModel]
  /// Models that still need their table, with all of their columns.
  var newTables: ArraySlice<StoredModel>
  let additions: [Addition]
  /// Of the tables that are there.
  let indexes: Catalog.IndexWork
  /// Tables of all models that were ever deployed, and their indexes.
  let filed: Int

  var version: Int { Int(basis.version) + 1 }
}

extension DeployPlan {
  /// About how long writes wait for the longest step of the deploy, apart from indexes that are built after it.
  ///
  /// A changed schema is read anew by the writer: 25 µs for each table and index. Measured on two cores at
  /// 1,000 models of 20 fields.
  var secondsHoldingUp: Double {
    let reading = 0.005 + Double(filed) * 25e-6
    guard !newTables.isEmpty || !additions.isEmpty else { return 0.005 }
    let making = newTables.isEmpty ? 0 : Double(Catalog.treesInStep) * (20e-6 + Double(filed) * 0.15e-6)
    let adding = Double(additions.count) * 60e-6
    return reading + max(making, adding)
  }
}
