import DataModel
import Storage

/// Makes tables and columns, and gives them their numbers: what a part of a deploy does.
struct TableMaking {
  let schema: DeploymentSchema

  /// A table with its numbers. Those of a part that came to nothing are nobody's.
  struct Numbered: Sendable {
    let model: Model
    let number: Int
    let isNew: Bool
    let columns: [StoredColumn]
  }

  /// Outside of transactions or inside: a number that was taken is taken for good.
  func number(_ works: some Collection<DeployPlan.Work>, on connection: PostgresConnection) throws -> [Numbered] {
    let tables = works.count { $0.number == nil }
    let columns = works.reduce(0) { $0 + $1.missing.count }
    let results = try connection.perform { trip in
      for (sequence, count) in [("model_numbers", tables), ("column_numbers", columns)] {
        trip.add("SELECT nextval('\(schema.name).\(sequence)') FROM generate_series(1, $1)") {
          $0.add(integer: Int64(count))
        }
      }
    }
    var modelNumbers = try results[0].map { Int(try $0.integer(0)) }.sorted()[...]
    var columnNumbers = try results[1].map { Int(try $0.integer(0)) }.sorted()[...]
    guard modelNumbers.count == tables, columnNumbers.count == columns else {
      throw StorageError.broken("a sequence gave fewer numbers than it was asked for")
    }
    return works.map { work in
      let made = work.missing.map { StoredColumn(number: columnNumbers.removeFirst(), source: $0) }
      return Numbered(
        model: work.model, number: work.number ?? modelNumbers.removeFirst(), isNew: work.number == nil, columns: made)
    }
  }

  /// Inside the transaction that is open. Others that make the same wait for it, and find it there.
  func make(_ tables: [Numbered], in trip: inout PostgresPipeline) throws {
    // What is noted twice is refused before any table is locked.
    for table in tables { note(table, in: &trip) }
    for table in tables {
      if table.isNew {
        try create(table, in: &trip)
      } else if !table.columns.isEmpty {
        let additions = table.columns.map { "ADD COLUMN \(Self.declared($0))" }.joined(separator: ", ")
        trip.addOnce("ALTER TABLE \(schema.name).m\(table.number) \(additions)")
      }
    }
  }

  private func note(_ table: Numbered, in trip: inout PostgresPipeline) {
    if table.isNew {
      trip.add("INSERT INTO \(schema.name).models (number, name) VALUES ($1, $2)") {
        $0.add(integer: Int64(table.number))
        $0.add(text: table.model.name)
      }
    }
    if table.columns.isEmpty { return }
    trip.add(
      """
      INSERT INTO \(schema.name).columns (number, model, name, type)
      SELECT number, $1, name, type FROM unnest($2, $3, $4) AS c (number, name, type)
      """
    ) { values in
      values.add(integer: Int64(table.number))
      values.addArray(.integer) { for column in table.columns { $0.add(integer: Int64(column.number)) } }
      values.addArray(.text) { for column in table.columns { $0.add(text: column.name) } }
      values.addArray(.text) { for column in table.columns { $0.add(text: column.storedType) } }
    }
  }

  private func create(_ table: Numbered, in trip: inout PostgresPipeline) throws {
    let name = "m\(table.number)"
    let columns = table.columns.map { ", \(Self.declared($0))" }.joined()
    trip.addOnce(
      """
      CREATE TABLE \(schema.name).\(name) (
        n bigint PRIMARY KEY, id uuid NOT NULL, updated_at bigint NOT NULL, sequence bigint NOT NULL\(columns))
      """)
    trip.addOnce("CREATE UNIQUE INDEX \(name)_id ON \(schema.name).\(name) (id)")
    trip.addOnce("CREATE INDEX \(name)_updated_at ON \(schema.name).\(name) (updated_at, n)")
    // All columns are new: none reads through another.
    let model = StoredModel(number: table.number, model: table.model, columns: table.columns, version: 0)
    for plan in IndexPlan.all(of: model) where plan.isOptional { trip.addOnce(plan.making(in: schema, of: model)) }
  }

  private static func declared(_ column: StoredColumn) -> String {
    "\(column.ownName) \(column.type.declaration)\(column.type == .text ? " COLLATE \"C\"" : "")"
  }
}

extension ColumnType {
  /// As the database calls it.
  var declaration: String {
    switch self {
    case .integer: "bigint"
    case .real: "double precision"
    case .text: "text"
    case .id: "uuid"
    }
  }
}
