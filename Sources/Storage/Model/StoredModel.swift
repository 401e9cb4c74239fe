import DataModel
import Wire

/// A field or relationship of a model, bound to the column that keeps its values.
package struct StoredColumn: Sendable {
  package enum Source: Sendable {
    case field(Field)
    case belongsTo(BelongsTo)
  }

  /// The stable number that names the column: a field that is removed and declared again with the
  /// same type finds it again.
  package let number: Int
  package let source: Source
  package let type: ColumnType
  /// The columns that the field has had under other types, the latest first.
  package let earlier: [EarlierColumn]
  /// Whether this data model or an earlier one declares it `text:password`. It holds for good: what was written then
  /// cannot be told from what is written later.
  package let heldPasswords: Bool
  /// Whether its values are masked on every page: some of them may have been written as passwords, under this type or
  /// under one through which they read.
  package let isMasked: Bool

  /// - Parameter heldPasswords: whether an earlier data model has declared it so.
  package init(number: Int, source: Source, earlier: [EarlierColumn] = [], heldPasswords: Bool = false) {
    self.number = number
    self.source = source
    self.earlier = earlier
    self.heldPasswords = heldPasswords || source.isPassword
    isMasked = self.heldPasswords || earlier.contains { $0.heldPasswords && $0.conversion != nil }
    self.type =
      switch source {
      case .field(let field): ColumnType(of: field.type)
      case .belongsTo: .id
      }
  }

  /// The name in the data model.
  package var name: String {
    switch source {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.name
    }
  }

  /// The word for the kind of value, which together with the name identifies the column for good.
  package var storedType: String { Self.storedType(of: source) }

  package static func storedType(of source: Source) -> String {
    switch source {
    case .field(let field): field.type.rawValue
    case .belongsTo: "belongs-to"
    }
  }
}

extension ColumnType {
  package init(of type: FieldType) {
    switch type {
    case .text, .singleChoice, .multipleChoice, .multipleChoiceInteger, .location, .track: self = .text
    case .integer, .date, .datetime, .boolean, .singleChoiceInteger: self = .integer
    case .number: self = .real
    case .attachment, .photo, .signature: self = .id
    }
  }
}

/// A model of a deployed data model, bound to its table. Fields come first, then belongs-to, each in
/// the model's order: the order in which an object is printed.
package final class StoredModel: Sendable {
  package let number: Int
  package let model: Model
  package let columns: [StoredColumn]
  /// The types of the columns.
  package let types: [ColumnType]
  /// How stored columns read, by their numbers: for whoever has values from elsewhere than a snapshot.
  package let reading: [Int: Reading]
  /// Differs between any two bindings of a deployment, so that statements can be cached by it, and says which version
  /// of the data model a plan was made under.
  package let binding: Binding
  private let positions: [String: Int]

  package struct Binding: Hashable, Sendable {
    package let version: Int
    package let model: Int

    package init(version: Int, model: Int) {
      self.version = version
      self.model = model
    }
  }

  package init(number: Int, model: Model, columns: [StoredColumn], version: Int) {
    self.number = number
    self.model = model
    self.columns = columns
    self.types = columns.map(\.type)
    self.reading = Self.readings(of: columns)
    self.binding = Binding(version: version, model: number)
    var positions: [String: Int] = [:]
    for (position, column) in columns.enumerated() { positions[column.name] = position }
    self.positions = positions
  }

  package var name: String { model.name }

  /// The index in `columns` of the field or relationship with this name in the data model.
  package func position(of name: String) -> Int? { positions[name] }
}

/// A deployed data model, bound to the tables and columns that keep its objects.
package final class StoredDataModel: Sendable {
  package let model: DataModel
  package let models: [StoredModel]
  /// Counts the deploys of this deployment, from 1.
  package let version: Int
  package let deployedAt: Instant
  package let deployedBy: Person?
  private let byName: [String: StoredModel]

  package init(
    model: DataModel, models: [StoredModel], version: Int, deployedAt: Instant, deployedBy: Person?
  ) {
    self.model = model
    self.models = models
    self.version = version
    self.deployedAt = deployedAt
    self.deployedBy = deployedBy
    self.byName = Dictionary(models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package subscript(name: String) -> StoredModel? { byName[name] }
}

/// Who deployed.
package struct Person: Sendable, Equatable {
  package var name: String?
  package var email: String?

  package init(name: String?, email: String?) {
    self.name = name
    self.email = email
  }
}
