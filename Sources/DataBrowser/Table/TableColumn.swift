import DataModel
import Objects
import Storage

/// A column of a table beside the display, which is the first one and always there.
struct TableColumn: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    case id
    case updatedAt
    /// The position among the model's columns.
    case column(Int)
  }

  /// As in filters and in the address.
  let name: String
  let label: String
  let source: Source
  /// For people: `text`, `belongs to Airline`.
  let type: String
  let isNumber: Bool
  /// Whether its values are dates or times, which are not broken.
  let isTime: Bool
  let isMasked: Bool
  let isSortable: Bool

  /// All that a table of the model can show, in the model's order.
  static func all(of model: ModelView) -> [TableColumn] {
    let columns = model.stored.columns.enumerated().map { TableColumn($1, at: $0) }
    return columns + [
      TableColumn("updated_at", "Updated at", .updatedAt, "datetime, UTC"),
      TableColumn("id", "Id", .id, "id"),
    ]
  }

  /// Columns of a table whose reader has chosen none, with the display.
  static let usual = 12

  /// Those that a view shows. A name that is no column any more is passed over.
  static func shown(_ names: [String]?, of model: ModelView) -> [TableColumn] {
    let all = all(of: model)
    guard let names else { return Array(all.dropLast().prefix(usual - 1)) }
    var shown: [TableColumn] = []
    for name in names {
      if let column = all.first(where: { $0.name == name }), !shown.contains(column) { shown.append(column) }
    }
    return shown.isEmpty ? Array(all.dropLast().prefix(usual - 1)) : shown
  }

  private init(_ name: String, _ label: String, _ source: Source, _ type: String) {
    self.name = name
    self.label = label
    self.source = source
    self.type = type
    isNumber = false
    isTime = false
    isMasked = false
    isSortable = true
  }

  private init(_ column: StoredColumn, at position: Int) {
    name = column.name
    source = .column(position)
    isMasked = column.isPassword
    isSortable = !column.isPassword
    label = column.label
    switch column.source {
    case .field(let field):
      type = field.typeText
      isNumber = field.type == .integer || field.type == .number
      isTime = field.type == .date || field.type == .datetime
    case .belongsTo(let relationship):
      type = "belongs to \(relationship.model)"
      isNumber = false
      isTime = false
    }
  }
}

extension Field {
  /// Its type as pages name it.
  var typeText: String {
    if type == .datetime { return "datetime, UTC" }
    return subtype.map { "\(type.rawValue), \($0.rawValue)" } ?? type.rawValue
  }
}
