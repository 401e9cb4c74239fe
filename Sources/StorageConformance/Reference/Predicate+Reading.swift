import Storage
import Wire

// What predicates and sort keys mean, read plainly from api.md section 13 over values in memory.

extension Predicate {
  func holds(for object: ObjectState) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .all(let terms): terms.allSatisfy { $0.holds(for: object) }
    case .any(let terms): terms.contains { $0.holds(for: object) }
    case .equal(let column, let value): order(of: object[column], value) == 0
    case .notEqual(let column, let value): order(of: object[column], value) != 0
    case .isNull(let column): object[column].isNull
    case .isNotNull(let column): !object[column].isNull
    case .ordered(let column, let order, let value):
      switch (StorageConformance.order(of: object[column], value), order) {
      case (nil, _): false
      case (let sign?, .less): sign < 0
      case (let sign?, .lessOrEqual): sign <= 0
      case (let sign?, .greater): sign > 0
      case (let sign?, .greaterOrEqual): sign >= 0
      }
    case .containsText(let column, let part):
      if case .text(let text) = object[column] {
        holds(Array(text.unicodeScalars), Array(part.unicodeScalars))
      } else {
        false
      }
    case .among(let column, let values): values.contains { order(of: object[column], $0) == 0 }
    case .notAmong(let column, let values): !values.contains { order(of: object[column], $0) == 0 }
    case .containsFolded(let column, let part):
      if case .text(let text) = object[column] {
        holds(LetterCase.folded(text), LetterCase.folded(part))
      } else {
        false
      }
    case .startsWithFolded(let column, let part):
      if case .text(let text) = object[column] {
        LetterCase.folded(text).starts(with: LetterCase.folded(part))
      } else {
        false
      }
    case .hasKey(let column, let key): KeyList.keys(in: object[column]).contains(key)
    case .lacksKey(let column, let key): !KeyList.keys(in: object[column]).contains(key)
    case .hasAllKeys(let column, let keys):
      !object[column].isNull && Set(keys).isSubset(of: KeyList.keys(in: object[column]))
    case .hasAnyKey(let column, let keys): !Set(keys).isDisjoint(with: KeyList.keys(in: object[column]))
    case .hasNoKey(let column, let keys): Set(keys).isDisjoint(with: KeyList.keys(in: object[column]))
    case .sameKeys(let column, let keys):
      !object[column].isNull && Set(keys) == Set(KeyList.keys(in: object[column]))
    case .otherKeys(let column, let keys):
      object[column].isNull || Set(keys) != Set(KeyList.keys(in: object[column]))
    }
  }

  private func order(of left: StoredValue, _ right: StoredValue) -> Int? {
    StorageConformance.order(of: left, right)
  }

  /// By code points, and at every place.
  private func holds(_ all: [Unicode.Scalar], _ wanted: [Unicode.Scalar]) -> Bool {
    guard wanted.count <= all.count else { return false }
    return (0...(all.count - wanted.count)).contains { all[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}

extension StorageConformance {
  /// −1, 0 or 1; nil where one of them is null.
  static func order(of left: StoredValue, _ right: StoredValue) -> Int? {
    switch (left, right) {
    case (.null, _), (_, .null): nil
    case (.integer(let a), .integer(let b)): sign(a, b)
    case (.real(let a), .real(let b)): sign(a, b)
    case (.integer(let a), .real(let b)): sign(Double(a), b)
    case (.real(let a), .integer(let b)): sign(a, Double(b))
    case (.id(let a), .id(let b)): sign(a.description, b.description)
    case (.text(let a), .text(let b)):
      if a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) {
        -1
      } else if b.unicodeScalars.lexicographicallyPrecedes(a.unicodeScalars) {
        1
      } else {
        0
      }
    // Values of kinds that no filter brings together.
    default: 2
    }
  }

  private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }
}

extension ReadPlan {
  /// The part of the objects that the plan asks for, in its order.
  func read(_ objects: [ObjectState]) -> [ObjectState] {
    let matching = objects.filter { predicate.holds(for: $0) }
    let ordered = matching.sorted { left, right in
      for key in sort {
        let sign = Self.order(left[key.column], right[key.column])
        if sign != 0 { return (sign < 0) != key.descending }
      }
      return (left.row < right.row) != (sort.last?.descending ?? false)
    }
    return Array(ordered.dropFirst(skip).prefix(limit))
  }

  /// Null first ascending.
  private static func order(_ left: StoredValue, _ right: StoredValue) -> Int {
    StorageConformance.order(of: left, right) ?? (left.isNull ? 0 : 1) - (right.isNull ? 0 : 1)
  }
}

extension ObjectState {
  subscript(column: ColumnReference) -> StoredValue {
    switch column {
    case .id: .id(id)
    case .updatedAt: .integer(updatedAt)
    case .natural: .integer(row)
    case .column(let position): values[position]
    }
  }
}
