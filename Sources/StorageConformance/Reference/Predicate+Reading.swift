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
    case .printedContains(let column, let form, let text):
      Self.printed(object[column], form).map { holds(LetterCase.folded($0), Array(text.unicodeScalars)) } ?? false
    case .search(let search): search.predicate.holds(for: object)
    case .hasAllKeys(let column, let keys):
      !object[column].isNull && Set(keys).isSubset(of: KeyList.keys(in: object[column]))
    case .hasAnyKey(let column, let keys): !Set(keys).isDisjoint(with: KeyList.keys(in: object[column]))
    case .hasNoKey(let column, let keys): Set(keys).isDisjoint(with: KeyList.keys(in: object[column]))
    case .sameKeys(let column, let keys):
      !object[column].isNull && Set(keys) == Set(KeyList.keys(in: object[column]))
    case .otherKeys(let column, let keys):
      object[column].isNull || Set(keys) != Set(KeyList.keys(in: object[column]))
    case .onAnyDay(let column, let days): Self.isTime(object[column], onAnyOf: days)
    case .onNoDay(let column, let days): !Self.isTime(object[column], onAnyOf: days)
    }
  }

  private static func isTime(_ value: StoredValue, onAnyOf days: [CalendarDay]) -> Bool {
    guard case .integer(let seconds) = value else { return false }
    return days.contains { day in (0..<86_400).contains(seconds - Int64(day.daysSince1970) * 86_400) }
  }

  private func order(of left: StoredValue, _ right: StoredValue) -> Int? {
    StorageConformance.order(of: left, right)
  }

  /// The value as the API prints it (api.md section 9); nil for null. Of what is not printed digit by digit,
  /// only what cases store is known here, so that the kit shares no code with what it tests.
  static func printed(_ value: StoredValue, _ form: PrintedForm) -> String? {
    switch (value, form) {
    case (.null, _): nil
    case (.integer(let days), .day): Self.days[days] ?? "?"
    case (.integer(let seconds), .instant): Self.instants[seconds] ?? "?"
    case (.integer(let integer), _): String(integer)
    case (.real(let real), _): Self.numbers[real] ?? "?"
    case (.id(let id), _): id.description
    case (.text(let text), _): text
    }
  }

  private static let days: [Int64: String] = [
    0: "1970-01-01", -719_162: "0001-01-01", 2_932_896: "9999-12-31", 15_736: "2013-01-31", 11_016: "2000-02-29",
  ]

  private static let instants: [Int64: String] = [
    0: "1970-01-01T00:00:00Z", -1: "1969-12-31T23:59:59Z", -62_135_596_800: "0001-01-01T00:00:00Z",
    253_402_300_799: "9999-12-31T23:59:59Z", 1_359_623_100: "2013-01-31T09:05:00Z",
  ]

  /// The numbers that cases store, as ECMAScript prints them.
  private static let numbers: [Double: String] = [
    -1e300: "-1e+300", -0.5: "-0.5", 0: "0", 0.1: "0.1", 0.5: "0.5", 1: "1", 2: "2", 3.5: "3.5", 1e-300: "1e-300",
    1e21: "1e+21", 1e20: "100000000000000000000", 0.000001: "0.000001", 0.0000001: "1e-7", 1400.25: "1400.25",
  ]

  /// By code points, and at every offset.
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
    case .presence(let position): .integer(values[position].isNull ? 0 : 1)
    }
  }
}
