import DataModel
import Storage

/// The tables and columns of a deployment, held against what its catalog says: the rows of `models` and `columns`, and
/// the data model in force.
struct CheckedTables {
  struct Model {
    let number: Int
    let name: String
    var table: String { "m\(number)" }
  }

  let schema: DeploymentSchema
  /// In order of numbers; none where the catalog itself is missing.
  private(set) var models: [Model] = []
  private(set) var findings: [DeploymentCheck.Finding] = []
  private var found: [String: [Column]] = [:]

  private struct Column: Equatable {
    let name: String
    let type: String
  }

  init(_ schema: DeploymentSchema, _ snapshot: SharedSnapshot) throws {
    self.schema = schema
    let result = try snapshot.ask { pipeline in
      pipeline.add(
        """
        SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
          coalesce(k.collname::text, 'C') = 'C'
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_collation k ON k.oid = a.attcollation
        WHERE s.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname, a.attnum
        """
      ) { $0.add(text: schema.name) }
    }[0]
    guard result.count > 0 else {
      findings.add(.tables, "the database has no schema \(schema.name), or nothing is in it")
      return
    }
    try result.each { row in
      let type = try row.isTrue(3) ? try row.text(2) : "\(try row.text(2)) of another collation"
      found[try row.text(0), default: []].append(Column(name: try row.text(1), type: type))
    }
    for table in DeclaredTable.all(in: schema) { check(table) }
    if findings.isEmpty { try checkModels(snapshot) }
    if findings.isEmpty { try checkDataModel(snapshot) }
  }

  private mutating func check(_ table: DeclaredTable) {
    guard let columns = found[table.name] else {
      findings.add(.tables, "the table \(table.name) is missing")
      return
    }
    for (name, type) in table.columns { check(name, type, "", columns, of: table.name) }
  }

  private mutating func check(
    _ name: String, _ type: String, _ meaning: String, _ columns: [Column], of table: String
  ) {
    guard let column = columns.first(where: { $0.name == name }) else {
      findings.add(.tables, "the table \(table) has no column \(name)\(meaning)")
      return
    }
    if column.type != type {
      findings.add(.tables, "the column \(name) of \(table)\(meaning) has the type \(column.type), and not \(type)")
    }
  }

  private mutating func checkModels(_ snapshot: SharedSnapshot) throws {
    let results = try snapshot.ask { pipeline in
      pipeline.add("SELECT number, name FROM \(schema.name).models ORDER BY number")
      pipeline.add(LayoutRows(schema: schema).all)
    }
    models = try results[0].map { Model(number: Int(try $0.integer(0)), name: try $0.text(1)) }
    let layouts = try LayoutRows.read(results[1])
    for model in models {
      guard let columns = found[model.table] else {
        findings.add(.tables, "the model \(model.name) has no table: \(model.table) is missing")
        continue
      }
      for (name, type) in Self.leading { check(name, type, "", columns, of: model.table) }
      let layout = layouts[model.number]?.columns ?? []
      for column in layout {
        check(
          "c\(column.number)", ColumnType(storedType: column.storedType).declaration,
          ", which keeps \(column.name) of \(model.name)", columns, of: model.table)
      }
      let known = Set(layout.map { "c\($0.number)" } + Self.leading.map(\.name))
      for column in columns where !known.contains(column.name) {
        findings.add(.tables, "the table \(model.table) of \(model.name) has a column \(column.name) that nobody knows")
      }
    }
    let numbers = Set(models.map(\.number))
    for table in found.keys.sorted() where table.hasPrefix("m") {
      guard let number = Int(table.dropFirst()), !numbers.contains(number) else { continue }
      findings.add(.tables, "the table \(table) is no model's")
    }
    for number in layouts.keys.sorted() where !numbers.contains(number) {
      findings.add(.tables, "the catalog has columns of a model \(number), and no such model")
    }
  }

  private static let leading: [(name: String, type: String)] = [
    ("n", "bigint"), ("id", "uuid"), ("updated_at", "bigint"), ("sequence", "bigint"),
  ]

  /// The data model in force names models and columns that the catalog has.
  private mutating func checkDataModel(_ snapshot: SharedSnapshot) throws {
    do {
      let model = try snapshot.inTransaction { try Catalog(schema: schema).current(on: $0) }
      if model == nil { findings.add(.tables, "no data model was ever deployed") }
    } catch let error as StorageError {
      findings.add(.tables, "the data model in force cannot be used: \(error.sentence)")
    }
  }

  /// Models as portions that one transaction may look at: it locks each table, and a database has few locks.
  var portions: [ArraySlice<Model>] {
    stride(from: 0, to: models.count, by: Self.tablesInPortion).map {
      models[$0..<min($0 + Self.tablesInPortion, models.count)]
    }
  }

  private static let tablesInPortion = 100

  func name(ofModel number: Int64) -> String {
    models.first { $0.number == Int(number) }?.name ?? "the unknown model \(number)"
  }
}

/// A table that each deployment has, as the statement says that makes it.
struct DeclaredTable {
  let name: String
  var columns: [(name: String, type: String)] = []

  static func all(in schema: DeploymentSchema) -> [DeclaredTable] {
    DeploymentTables.statements(in: schema).compactMap { DeclaredTable($0, schema) }
  }

  /// Nil for a statement that makes no table.
  init?(_ statement: String, _ schema: DeploymentSchema) {
    let start = "CREATE TABLE \(schema.name)."
    guard statement.hasPrefix(start), let open = statement.firstIndex(of: "(") else { return nil }
    name = statement[..<open].dropFirst(start.count).filter { !$0.isWhitespace }
    for part in Self.parts(of: statement[open...].dropFirst().dropLast()) {
      let words = part.split(whereSeparator: \.isWhitespace)
      guard words.count >= 2, !["PRIMARY", "UNIQUE", "CHECK"].contains(words[0]) else { continue }
      columns.append((String(words[0]), String(words[1])))
    }
  }

  /// What stands between commas that are in no parentheses.
  private static func parts(of text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var (depth, start) = (0, text.startIndex)
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    return parts + [text[start...]]
  }
}
