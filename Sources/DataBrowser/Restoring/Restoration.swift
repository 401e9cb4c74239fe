import DataModel
import Storage
import Wire

/// What bringing an earlier state of an object back writes, and what it leaves: found from both states as they are
/// stored, under the data model in force.
///
/// A field comes back exactly as it was, or it stays as it is now and is told among `left`. What is the same in both
/// states is in neither.
package struct Restoration: Sendable {
  /// By column number, without nulls, as entries of the oplog have them.
  package typealias Stored = [(column: Int, value: StoredValue)]

  /// What was in the earlier state and does not come back.
  package struct Left: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
      /// It was stored when the field had this type.
      case otherType(String)
      /// The data model has no such field any more, or one of another kind; it had this type.
      case removed(String)
      /// The server has the file no more.
      case fileGone
    }

    package let column: Int
    /// Of the field in the data model; nil where it has none.
    package let position: Int?
    /// The field's label, or its name where the data model has it no more.
    package let label: String
    package let reason: Reason
  }

  /// By the position of the column.
  package private(set) var changes: [(position: Int, value: StoredValue)] = []
  package private(set) var left: [Left] = []
  private let model: StoredModel

  /// - Parameters:
  ///   - now: the present state; nil where the object is not there.
  ///   - layout: all columns that the model's table has.
  ///   - isGone: whether the server has an attachment no more.
  package init(
    of then: Stored, over now: Stored?, _ model: StoredModel, _ layout: TableLayout, isGone: (ObjectID) -> Bool
  ) {
    self.model = model
    let then = Self.byColumn(then)
    let now = Self.byColumn(now ?? [])
    var known: Set<Int> = []
    for (position, column) in model.columns.enumerated() {
      let others = Self.others(column, layout)
      known.insert(column.number)
      known.formUnion(others.map(\.number))
      func leave(_ reason: Left.Reason) {
        left.append(Left(column: column.number, position: position, label: column.label, reason: reason))
      }
      if let other = others.first(where: { then[$0.number] != nil }), then[column.number] == nil {
        if then[other.number] != now[other.number] { leave(.otherType(other.type.rawValue)) }
        continue
      }
      let value = then[column.number] ?? .null
      // What is stored under another type now reads perhaps as nothing, and is something all the same.
      if value == now[column.number] ?? .null, others.allSatisfy({ now[$0.number] == nil }) { continue }
      if column.isAttachment, case .id(let id) = value, isGone(id) {
        leave(.fileGone)
      } else {
        changes.append((position, value))
      }
    }
    for column in layout.columns where !known.contains(column.number) {
      guard let value = then[column.number], value != now[column.number] else { continue }
      left.append(
        Left(column: column.number, position: nil, label: column.name, reason: .removed(column.storedType)))
    }
  }

  private static func byColumn(_ stored: Stored) -> [Int: StoredValue] {
    Dictionary(stored.filter { !$0.value.isNull }.map { ($0.column, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  /// The columns of the field under other types.
  private static func others(_ column: StoredColumn, _ layout: TableLayout) -> [EarlierColumn] {
    guard case .field(let field) = column.source else { return [] }
    return layout.earlier(than: column.number, of: field)
  }

  /// Which columns come back and which do not, and why: two moments in which that is the same have the same code. It
  /// says nothing of their values.
  package var code: String {
    let reasons = left.map { one in
      switch one.reason {
      case .otherType: "\(one.column)t"
      case .removed: "\(one.column)r"
      case .fileGone: "\(one.column)f"
      }
    }
    return (changes.map { "\(model.columns[$0.position].number)" } + reasons).joined(separator: ".")
  }

  /// What writes it: to the object that is there, or as one that comes again.
  package func step(for id: ObjectID, isThere: Bool) -> WriteStep {
    if isThere { return .patch(model, id, changes) }
    var row = [StoredValue](repeating: .null, count: model.columns.count)
    for change in changes { row[change.position] = change.value }
    return .create(model, id, row)
  }
}

extension StoredColumn {
  var isAttachment: Bool { if case .field(let field) = source { field.type.isAttachment } else { false } }
}
