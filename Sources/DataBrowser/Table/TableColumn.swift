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
  /// Whether its values are times of a day, which are UTC.
  let isMoment: Bool
  let isMasked: Bool
  let isSortable: Bool

  fileprivate init(_ name: String, _ label: String, _ source: Source, _ type: String) {
    self.name = name
    self.label = label
    self.source = source
    self.type = type
    isNumber = false
    isTime = false
    isMoment = source == .updatedAt
    isMasked = false
    isSortable = true
  }

  fileprivate init(_ column: StoredColumn, at position: Int, among models: VisibleModels) {
    name = column.name
    source = .column(position)
    isMasked = column.isMasked
    isSortable = !column.isMasked
    label = column.label
    switch column.source {
    case .field(let field):
      type = column.typeText(of: field)
      isNumber = field.type == .integer || field.type == .number
      isTime = field.type == .date || field.type == .datetime
      isMoment = field.type == .datetime
    case .belongsTo(let relationship):
      type = models.type(of: relationship)
      isNumber = false
      isTime = false
      isMoment = false
    }
  }
}

/// All that a table of a model can show, in the model's order.
struct TableColumns: Sendable {
  let all: [TableColumn]
  private let byName: [String: TableColumn]

  init(of model: ModelView, among models: VisibleModels) {
    all =
      model.stored.columns.enumerated().map { TableColumn($1, at: $0, among: models) } + [
        TableColumn("updated_at", "Updated at", .updatedAt, "datetime, UTC"),
        TableColumn("id", "Id", .id, "id"),
      ]
    byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Columns of a table whose reader has chosen none, with the display.
  private static let usual = 12

  /// Those of these names. One that is no column any more is passed over; where none is left, and for nil, they are
  /// the first of the model.
  func shown(_ names: [String]?) -> [TableColumn] {
    var known: Set<String> = []
    let shown = (names ?? []).compactMap { name in known.insert(name).inserted ? byName[name] : nil }
    return shown.isEmpty ? Array(all.dropLast().prefix(Self.usual - 1)) : shown
  }
}

extension VisibleModels {
  /// Where a relationship leads, as people read it. A model that is not there for the visitor is not named.
  func type(of relationship: BelongsTo) -> String {
    self[relationship.model] == nil ? "belongs to" : "belongs to \(relationship.model)"
  }
}

extension StoredColumn {
  /// Its type as pages name it, with why its values are masked where the type does not say so.
  func typeText(of field: Field) -> String {
    isMasked && field.subtype != .password ? "\(field.typeText), has held passwords" : field.typeText
  }
}

extension Field {
  /// Its type as pages name it.
  var typeText: String {
    if type == .datetime { return "datetime, UTC" }
    return subtype.map { "\(type.rawValue), \($0.rawValue)" } ?? type.rawValue
  }
}
