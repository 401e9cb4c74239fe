import Storage
import Wire

/// What turns a predicate into SQL. Values are bound, never written into the text.
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
  /// In the order of their parameters.
  private(set) var values: [StoredValue]

  /// A piece of SQL, and how many entries of the parser's stack it takes.
  private struct Piece {
    var text: String
    var values: [StoredValue] = []
    var depth = 3
  }

  /// SQLite's parser has a stack of 100 entries; ten of them stand below the condition.
  private static let mostDepth = 70

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
    if values.isEmpty { values = whole.values } else { values += whole.values }
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
    case .among(let column, let values): return membership(column, " IN ", values)
    case .notAmong(let column, let values):
      let among = membership(column, " IN ", values)
      // Null is among nothing, and NOT null is null.
      return Piece(text: "ifnull(NOT \(among.text), 1)", values: among.values, depth: among.depth + 3)
    case .containsText(let column, let part):
      // instr gives null for null, and the text may be empty.
      return Piece(
        text: "ifnull(instr(\(model.columnName(column)), ?), 0) > 0", values: [.text(part)],
        depth: 10 + more(column))
    case .containsFolded(let column, let part):
      return Piece(
        text: "ifnull(instr(casefold(\(model.columnName(column))), ?), 0) > 0",
        values: [.text(CaseFolding.folded(part))], depth: 13 + more(column))
    case .startsWithFolded(let column, let part):
      // Folding keeps the count of characters.
      let length = Int64(part.unicodeScalars.count)
      return Piece(
        text: "ifnull(substr(casefold(\(model.columnName(column))), 1, ?) = ?, 0)",
        values: [.integer(length), .text(CaseFolding.folded(part))], depth: 13 + more(column))
    case .hasKey(let column, let key): return holdsKey("EXISTS", column, key)
    case .lacksKey(let column, let key): return holdsKey("NOT EXISTS", column, key)
    case .hasAllKeys(let column, let keys): return keyCount(column, keys, isWhole: false)
    case .hasAnyKey(let column, let keys): return holdsAny("EXISTS", column, keys)
    case .hasNoKey(let column, let keys): return holdsAny("NOT EXISTS", column, keys)
    case .sameKeys(let column, let keys): return keyCount(column, keys, isWhole: true)
    case .otherKeys(let column, let keys):
      let same = keyCount(column, keys, isWhole: true)
      return Piece(text: "NOT \(same.text)", values: same.values, depth: same.depth + 1)
    case .printedContains(let column, .text, let text): return piece(.containsFolded(column, text))
    case .printedContains(let column, let form, let text):
      return Piece(
        text: "printed_contains(\(form.rawValue), \(model.columnName(column)), ?)", values: [.text(text)],
        depth: 10 + more(column))
    case .search(let search): return piece(search.predicate)
    case .onAnyDay(let column, let days): return onDays(column, days)
    case .onNoDay(let column, let days):
      let onDays = onDays(column, days)
      return Piece(text: "ifnull(NOT \(onDays.text), 1)", values: onDays.values, depth: onDays.depth + 3)
    }
  }

  private func comparison(_ column: ColumnReference, _ comparison: String, _ value: StoredValue) -> Piece {
    Piece(text: model.columnName(column) + comparison, values: [value], depth: 3 + more(column))
  }

  private func test(_ column: ColumnReference, _ test: String) -> Piece {
    Piece(text: model.columnName(column) + test, depth: 3 + more(column))
  }

  /// Entries that the column takes beyond one: a value that is read through conversions is a call in a call.
  private func more(_ column: ColumnReference) -> Int {
    switch column {
    case .id, .updatedAt, .natural: 0
    case .column(let position): model.columns[position].converted.isEmpty ? 0 : 10
    case .presence(let position): more(.column(position)) + 4
    }
  }

  /// A long list is one JSON text, which `json_each` makes rows of: the statement stays the same whatever
  /// it holds, and an index on the column serves it.
  private func membership(_ column: ColumnReference, _ word: String, _ values: [StoredValue]) -> Piece {
    let list = ValueList(values, like: model.type(of: column))
    return Piece(
      text: "(\(model.columnName(column))\(word)(\(list.rows)))", values: [.text(list.json)], depth: 24 + more(column))
  }

  /// One day is a range of an index. So are several from the first to the last of them; in that range the
  /// midnight before a time is looked for among theirs. Counted from the first one, no time there is negative.
  private func onDays(_ column: ColumnReference, _ days: [CalendarDay]) -> Piece {
    guard let first = days.min(), let last = days.max() else { return Piece(text: "0") }
    let name = model.columnName(column)
    let start = Instant(midnightOf: first).secondsSince1970
    let end = Instant(midnightOf: last).secondsSince1970 + Instant.secondsInDay - 1
    let bounds: [StoredValue] = [.integer(start), .integer(end)]
    let range = "\(name) >= ? AND \(name) <= ?"
    if first == last { return Piece(text: "(\(range))", values: bounds, depth: 8 + more(column)) }
    let list = ValueList(days.map { .integer(Instant(midnightOf: $0).secondsSince1970) }, like: .integer)
    return Piece(
      text: "(\(range) AND \(name) - (\(name) - ?) % \(Instant.secondsInDay) IN (\(list.rows)))",
      values: bounds + [.integer(start), .text(list.json)], depth: 32 + 2 * more(column))
  }

  // MARK: Lists of keys.

  private func holdsKey(_ word: String, _ column: ColumnReference, _ key: StoredValue) -> Piece {
    Piece(
      text: "\(word) (SELECT 1 FROM json_each(\(model.columnName(column))) WHERE value = ?)", values: [key],
      depth: 16 + more(column))
  }

  private func holdsAny(_ word: String, _ column: ColumnReference, _ keys: [StoredValue]) -> Piece {
    let list = ValueList(keys: keys)
    return Piece(
      text: "\(word) (SELECT 1 FROM json_each(\(model.columnName(column))) WHERE value IN (\(list.rows)))",
      values: [.text(list.json)], depth: 36 + more(column))
  }

  /// Whether as many of its keys as there are stand among these; `isWhole`: and it has no others. No list
  /// holds a key twice.
  private func keyCount(_ column: ColumnReference, _ keys: [StoredValue], isWhole: Bool) -> Piece {
    let name = model.columnName(column)
    let list = ValueList(keys: keys)
    let count = StoredValue.integer(Int64(keys.count))
    return Piece(
      text: "(\(name) IS NOT NULL\(isWhole ? " AND json_array_length(\(name)) = ?" : "")"
        + " AND (SELECT count(*) FROM json_each(\(name)) WHERE value IN (\(list.rows))) = ?)",
      values: isWhole ? [count, .text(list.json), count] : [.text(list.json), count],
      depth: 40 + more(column))
  }

  /// Halves the chain, so that a thousand terms nest ten deep and not a thousand.
  private mutating func chain(_ terms: ArraySlice<Piece>, joinedBy word: String, empty: String) -> Piece {
    guard let first = terms.first else { return Piece(text: empty) }
    guard terms.count > 1 else { return first }
    let middle = terms.startIndex + terms.count / 2
    let left = chain(terms[..<middle], joinedBy: word, empty: empty)
    var right = chain(terms[middle...], joinedBy: word, empty: empty)
    // Behind the parenthesis, the left term and the word.
    if right.depth + 3 > Self.mostDepth { right = staged(right) }
    let depth = max(left.depth + 1, right.depth + 3)
    let both = Piece(
      text: "(\(left.text)\(word)\(right.text))", values: left.values + right.values, depth: depth)
    return depth > Self.mostDepth ? staged(both) : both
  }

  /// Gives the piece a name of its own, by which the next stage knows it.
  private mutating func staged(_ piece: Piece) -> Piece {
    stages.append(piece)
    return Piece(text: "x\(stages.count - 1)")
  }
}
