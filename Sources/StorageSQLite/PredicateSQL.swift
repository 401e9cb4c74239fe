import Storage

/// The one place that turns a predicate into SQL. Values are bound, never written into the text.
///
/// ```
/// [with] SELECT … FROM [source] WHERE [condition]
/// ```
struct PredicateSQL {
  /// Empty, or the stages that `source` names: they hold parts of a predicate that nests too deeply for
  /// one expression. SQLite melts them into the query, so that indexes serve it all the same.
  private(set) var with = ""
  private(set) var source: String
  private(set) var condition: String
  /// In the order of their places.
  private(set) var values: [StoredValue]

  /// A piece of SQL, and how many places of the parser's stack it takes.
  private struct Piece {
    var text: String
    var values: [StoredValue] = []
    var places = 3
  }

  /// SQLite's parser has a stack of 100 places; ten of them stand below the condition.
  private static let mostPlaces = 70

  private let model: StoredModel
  private var stages: [Piece] = []

  init(_ predicate: Predicate, on model: StoredModel) {
    self.model = model
    source = model.table
    condition = ""
    values = []
    let whole = piece(predicate)
    condition = whole.text
    for (number, stage) in stages.enumerated() {
      with += number == 0 ? "WITH " : ", "
      with += "s\(number) AS (SELECT *, \(stage.text) AS x\(number) FROM \(source))"
      source = "s\(number)"
      values += stage.values
    }
    if !with.isEmpty { with += " " }
    values += whole.values
  }

  private mutating func piece(_ predicate: Predicate) -> Piece {
    switch predicate {
    case .always: return Piece(text: "1")
    case .never: return Piece(text: "0")
    case .all(let terms): return chain(terms.map { piece($0) }[...], joinedBy: " AND ", empty: "1")
    case .any(let terms): return chain(terms.map { piece($0) }[...], joinedBy: " OR ", empty: "0")
    case .equal(let column, let value): return comparison(column, " = ?", value)
    case .notEqual(let column, let value): return comparison(column, " IS NOT ?", value)
    case .isNull(let column): return test(column, " IS NULL")
    case .isNotNull(let column): return test(column, " IS NOT NULL")
    case .ordered(let column, let order, let value): return comparison(column, " \(order.sql) ?", value)
    case .containsText(let column, let part):
      // instr gives null for null, and the text may be empty.
      return Piece(
        text: "ifnull(instr(\(model.columnName(column)), ?), 0) > 0", values: [.text(part)],
        places: 10 + more(column))
    case .hasKey(let column, let key): return membership("EXISTS", column, key)
    case .lacksKey(let column, let key): return membership("NOT EXISTS", column, key)
    case .printedContains(let column, .text, let text):
      return Piece(
        text: "ifnull(instr(casefold(\(model.columnName(column))), ?), 0) > 0", values: [.text(text)],
        places: 13 + more(column))
    case .printedContains(let column, let form, let text):
      return Piece(
        text: "printed_contains(\(form.rawValue), \(model.columnName(column)), ?)", values: [.text(text)],
        places: 10 + more(column))
    case .search(let search): return piece(search.predicate)
    }
  }

  private func comparison(_ column: ColumnReference, _ comparison: String, _ value: StoredValue) -> Piece {
    Piece(text: model.columnName(column) + comparison, values: [value], places: 3 + more(column))
  }

  private func test(_ column: ColumnReference, _ test: String) -> Piece {
    Piece(text: model.columnName(column) + test, places: 3 + more(column))
  }

  /// Places that the column takes beyond one: a value that is read through conversions is a call in a call.
  private func more(_ column: ColumnReference) -> Int {
    guard case .column(let position) = column else { return 0 }
    return model.columns[position].converted.isEmpty ? 0 : 10
  }

  private func membership(_ word: String, _ column: ColumnReference, _ key: StoredValue) -> Piece {
    Piece(
      text: "\(word) (SELECT 1 FROM json_each(\(model.columnName(column))) WHERE value = ?)", values: [key],
      places: 16 + more(column))
  }

  /// Halves the chain, so that a thousand terms nest ten deep and not a thousand.
  private mutating func chain(_ terms: ArraySlice<Piece>, joinedBy word: String, empty: String) -> Piece {
    guard let first = terms.first else { return Piece(text: empty) }
    guard terms.count > 1 else { return first }
    let middle = terms.startIndex + terms.count / 2
    let left = chain(terms[..<middle], joinedBy: word, empty: empty)
    var right = chain(terms[middle...], joinedBy: word, empty: empty)
    // Behind the parenthesis, the left term and the word.
    if right.places + 3 > Self.mostPlaces { right = staged(right) }
    let places = max(left.places + 1, right.places + 3)
    let both = Piece(
      text: "(\(left.text)\(word)\(right.text))", values: left.values + right.values, places: places)
    return places > Self.mostPlaces ? staged(both) : both
  }

  /// Gives the piece a name of its own, by which the next stage knows it.
  private mutating func staged(_ piece: Piece) -> Piece {
    stages.append(piece)
    return Piece(text: "x\(stages.count - 1)")
  }
}

extension Predicate.Order {
  fileprivate var sql: String {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}
