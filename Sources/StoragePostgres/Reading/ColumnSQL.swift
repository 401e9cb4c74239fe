import DataModel
import Storage
import Wire

/// How a column's value is read: what SQL says of it, where it can.
///
/// | the field had | values are read by |
/// |---|---|
/// | one type only, or others whose values do not convert | the column alone |
/// | others, whose values SQL converts exactly | `coalesce(c5, …c3…)` |
/// | been a text that now reads as a number or a time | Swift, from the columns as they lie (`ColumnRead.decided`) |
enum ColumnRead {
  case sql(String)
  /// The column, and behind it those of other types with what their values go through.
  case decided([(number: Int, type: ColumnType, conversion: ValueConversion?)])
}

extension StoredColumn {
  /// The column that is written.
  var ownName: String { "c\(number)" }

  /// The earlier columns whose values read as something.
  var converted: [(number: Int, from: FieldType, conversion: ValueConversion)] {
    earlier.compactMap { column in column.conversion.map { (column.number, column.type, $0) } }
  }

  /// What reads see.
  var read: ColumnRead {
    if earlier.isEmpty { return .sql(ownName) }
    let converted = converted
    if converted.isEmpty { return .sql(ownName) }
    let texts = converted.compactMap { ColumnSQL.text(of: "c\($0.number)", through: $0.conversion) }
    if texts.count == converted.count { return .sql("coalesce(\(ownName), \(texts.joined(separator: ", ")))") }
    return .decided(
      [(number, type, nil)] + converted.map { ($0.number, ColumnType(of: $0.from), $0.conversion) })
  }

  /// What SQL says of its value; nil where only Swift can.
  var sql: String? { if case .sql(let text) = read { text } else { nil } }
}

enum ColumnSQL {
  /// `id, updated_at, n, sequence`: the columns that every row begins with, as `RowPage.Lead` has them.
  static let leading = "id, updated_at, n, sequence"

  /// Letters of a text that stand in an index: PostgreSQL's indexes take no entry above some 2,700 bytes, and a letter
  /// may have four.
  static let indexedLetters = 128
  /// Texts that an index may have as keys.
  static let mostIndexedTexts = 4

  /// The part of a text that an index has.
  static func indexed(_ text: String) -> String { "left(\(text), \(indexedLetters))" }

  /// A converted value as SQL gives it, exactly; nil where it cannot.
  static func text(of column: String, through conversion: ValueConversion) -> String? {
    switch (conversion.from, conversion.to) {
    case (.integer, .number): "\(column)::double precision"
    case (.boolean, .text): "CASE WHEN \(column) <> 0 THEN 'true' WHEN \(column) = 0 THEN 'false' END"
    case (.date, .text): "sojourn.printed_day(\(column))"
    case (.datetime, .text): "sojourn.printed_instant(\(column))"
    case (.number, .text): "sojourn.printed_number(\(column))"
    case (.integer, .text), (.singleChoiceInteger, .text): "\(column)::text"
    case (.singleChoice, .text): column
    case (.text, .singleChoice): "nullif(\(column), '')"
    case (.text, .boolean):
      "CASE lower(\(column) COLLATE \"C\") WHEN 'true' THEN 1::bigint WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN '0' "
        + "THEN 0 END"
    case (.singleChoice, .multipleChoice): "sojourn.printed_list(\(column))"
    case (.singleChoiceInteger, .multipleChoiceInteger): "'[' || \(column)::text || ']'"
    default: nil
    }
  }
}

extension StoredModel {
  /// What SQL says of a reference; nil where only Swift can.
  func sql(_ reference: ColumnReference) -> String? {
    switch reference {
    case .id: "id"
    case .updatedAt: "updated_at"
    case .natural: "n"
    case .column(let position): columns[position].sql
    case .presence(let position): columns[position].sql.map { "(CASE WHEN \($0) IS NULL THEN 0 ELSE 1 END)::bigint" }
    }
  }

  /// Positions of the texts that indexes have as keys: what is compared and sorted by their first letters, so that an
  /// index serves.
  var indexedTexts: Set<Int> {
    var found: Set<Int> = []
    for index in model.indexes where index.databases.contains(.cloud) {
      for key in index.keys {
        if let position = position(of: key.name), columns[position].type == .text { found.insert(position) }
      }
    }
    return found
  }
}
