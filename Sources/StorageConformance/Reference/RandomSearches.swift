import DataModel
import Storage
import Wire

/// Data models, objects and searches by chance, out of few values so that they meet.
struct RandomSearches {
  private(set) var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(seed: seed) }

  // MARK: The data model.

  private static let types: [FieldType] = [
    .integer, .text, .text, .datetime, .date, .number, .boolean, .singleChoice, .singleChoiceInteger,
    .multipleChoice, .multipleChoiceInteger, .location, .photo,
  ]

  /// A model of a few fields, some of them indexed.
  mutating func xml() -> String {
    let fields = (0..<Int.random(in: 1...6, using: &generator)).map { number in
      let type = generator.pick(Self.types) ?? .text
      let options = type.isChoice ? "<option key=\"1\">One</option>" : ""
      return (
        name: "f\(number)", type: type,
        xml: "<field name=\"f\(number)\" label=\"A\" type=\"\(type.rawValue)\">\(options)</field>"
      )
    }
    let indexable = fields.filter { $0.type.isIndexable }.map(\.name) + ["airline"]
    let indexes = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      let keys = indexable.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
      let on = keys.map { (generator.once(in: 2) ? "-" : "") + $0 }.joined(separator: ",")
      return "<index on=\"\(on)\"/>"
    }
    return SampleModel.document(
      "<model name=\"airline\" label=\"A\"><display>A</display></model>"
        + SampleModel.flight(
          fields.map(\.xml).joined() + "<belongs-to model=\"airline\"/>", tail: indexes.joined()))
  }

  // MARK: Objects.

  /// Creations, and then updates and deletes of some.
  mutating func steps(_ model: StoredModel, objects: Int) -> [WriteStep] {
    let ids = (0..<objects).map { _ in ObjectID.random(using: &generator) }
    var steps: [WriteStep] = ids.map { id in .create(model, id, row(model)) }
    for id in ids where generator.once(in: 4) {
      steps.append(generator.once(in: 2) ? .delete(model, id) : .put(model, id, row(model)))
    }
    return steps
  }

  private mutating func row(_ model: StoredModel) -> [StoredValue] {
    model.columns.map { column in generator.once(in: 5) ? .null : value(of: column) }
  }

  private mutating func value(of column: StoredColumn) -> StoredValue {
    guard case .field(let field) = column.source else {
      return .id(.numbered(Int.random(in: 1...3, using: &generator)))
    }
    switch field.type {
    case .multipleChoice: return generator.pick(KeyList.texts).map { .text($0.stored) } ?? .null
    case .multipleChoiceInteger: return generator.pick(KeyList.integers).map { .text($0.stored) } ?? .null
    case .boolean: return generator.once(in: 2) ? .integer(0) : .integer(1)
    // About midnights, before 1970 and behind it, and at the ends of the calendar.
    case .datetime:
      return .integer(
        generator.pick([
          -86_401, -86_400, -1, 0, 1, 86_399, 86_400, 432_000, 432_001, -62_135_596_800, -62_135_596_799,
          253_402_300_799,
        ]) ?? 0)
    default: return scalar(of: column.type)
    }
  }

  private static let words =
    LetterCase.words + [
      "", "a", "A", "ab", "ba", "b", "caf\u{E9}", "cafe\u{301}", "\u{E9}", "e", "\u{301}", "\u{FFFD}",
      "\u{1F600}",
      "\u{10000}", "\u{E000}", "%", "_", "a%", "1", "10", "2", "'", "\u{1}", "aab",
    ]

  private mutating func scalar(of type: ColumnType) -> StoredValue {
    switch type {
    case .integer: .integer(generator.pick([-2, -1, 0, 1, 2, 3, 10, Int64(Int32.max)]) ?? 0)
    case .real: .real(generator.pick([-1e300, -0.5, 0, 0.1, 0.5, 1, 2, 3.5, 1e-300]) ?? 0)
    case .text: .text(generator.pick(Self.words) ?? "")
    case .id: .id(.numbered(Int.random(in: 1...3, using: &generator)))
    }
  }

  // MARK: Searches.

  mutating func plan(_ model: StoredModel, like objects: [ObjectState]) -> ReadPlan {
    let columns =
      model.columns.indices.map { index -> ColumnReference in
        if case .field(let field) = model.columns[index].source, !field.type.isIndexable { return .presence(index) }
        return .column(index)
      } + [.id, .updatedAt, .natural]
    let sort = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      SortKey(column: generator.pick(columns) ?? .id, descending: generator.once(in: 2))
    }
    return ReadPlan(
      model: model, predicate: predicate(model, like: objects, depth: 3), sort: sort,
      skip: generator.once(in: 3) ? Int.random(in: 0...12, using: &generator) : 0,
      limit: generator.once(in: 3) ? Int.random(in: 0...12, using: &generator) : 1000)
  }

  private mutating func predicate(
    _ model: StoredModel, like objects: [ObjectState], depth: Int
  ) -> Predicate {
    if depth > 0, generator.once(in: 2) {
      let terms = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        predicate(model, like: objects, depth: depth - 1)
      }
      return generator.once(in: 2) ? .all(terms) : .any(terms)
    }
    switch Int.random(in: 0..<24, using: &generator) {
    case 0: return .always
    case 1: return .never
    case 2:
      return comparison(
        .id, generator.pick(objects).map { .id($0.id) } ?? .id(.numbered(1)), ordered: false)
    case 3:
      return comparison(.updatedAt, generator.pick(objects).map { .integer($0.updatedAt) } ?? .integer(0))
    case 4: return comparison(.natural, .integer(Int64.random(in: 0...40, using: &generator)))
    default: return leaf(model)
    }
  }

  /// A predicate that nests `depth` levels on both sides of its chains, of at most about `terms` terms.
  mutating func deepPredicate(_ model: StoredModel, depth: Int, terms: Int) -> Predicate {
    guard depth > 0, terms > 1 else { return leaf(model) }
    // Mostly combs, which are deep; at times both sides branch.
    let part = generator.once(in: 4) ? Int.random(in: 1..<terms, using: &generator) : 1
    let parts = [part, terms - part].shuffled(using: &generator).map {
      deepPredicate(model, depth: depth - 1, terms: $0)
    }
    return depth % 2 == 0 ? .all(parts) : .any(parts)
  }

  private mutating func leaf(_ model: StoredModel) -> Predicate {
    let index = Int.random(in: model.columns.indices, using: &generator)
    let column = ColumnReference.column(index)
    if generator.once(in: 6) { return generator.once(in: 2) ? .isNull(column) : .isNotNull(column) }
    guard case .field(let field) = model.columns[index].source else {
      if generator.once(in: 4) { return .printedContains(column, .id, generator.pick(Self.partsOfIDs) ?? "") }
      return comparison(column, scalar(of: .id), ordered: generator.once(in: 2))
    }
    switch field.type {
    case .location: return generator.once(in: 2) ? .isNull(column) : .isNotNull(column)
    case .multipleChoice, .multipleChoiceInteger:
      let lists = field.type == .multipleChoice ? KeyList.texts : KeyList.integers
      return listComparison(column, lists.map(\.keys))
    case .datetime where generator.once(in: 2):
      let days = (0..<Int.random(in: 0...4, using: &generator)).compactMap { _ in
        generator.pick([-719_162, -2, -1, 0, 1, 5, 2_932_896]).flatMap { CalendarDay(daysSince1970: $0) }
      }
      return generator.once(in: 2) ? .onAnyDay(column, days) : .onNoDay(column, days)
    case .text where generator.once(in: 2), .singleChoice where generator.once(in: 2):
      let part = generator.pick(Self.words) ?? ""
      return generator.pick([
        .containsText(column, part), .containsFolded(column, part), .startsWithFolded(column, part),
      ]) ?? .never
    // A client may compare a whole number with any.
    case .integer where generator.once(in: 4):
      return comparison(column, .real(generator.pick([-1.5, 0.5, 1e300, -1e300, 2.5]) ?? 0))
    default: return comparison(column, scalar(of: model.columns[index].type))
    }
  }

  private static let partsOfIDs = ["", "1", "-", "4444-0", "3-4", "g", "11112222-3333-4444-0000-000000000002"]

  private mutating func listComparison(_ column: ColumnReference, _ lists: [[StoredValue]]) -> Predicate {
    // A list that is stored, in any order, or keys out of all of them.
    var keys = generator.pick(lists) ?? []
    if generator.once(in: 2) {
      keys = lists.flatMap { $0 }.reduce(into: []) { all, key in if !all.contains(key) { all.append(key) } }
      keys.shuffle(using: &generator)
      keys = Array(keys.prefix(Int.random(in: 0...3, using: &generator)))
    }
    keys.shuffle(using: &generator)
    let key = keys.first ?? lists.flatMap { $0 }[0]
    return generator.pick([
      .hasKey(column, key), .lacksKey(column, key), .hasAllKeys(column, keys), .hasAnyKey(column, keys),
      .hasNoKey(column, keys), .sameKeys(column, keys), .otherKeys(column, keys),
    ]) ?? .never
  }

  private mutating func comparison(
    _ column: ColumnReference, _ value: StoredValue, ordered: Bool = true
  ) -> Predicate {
    if generator.once(in: 4) {
      let type: ColumnType =
        switch value {
        case .null, .integer: .integer
        case .real: .real
        case .text: .text
        case .id: .id
        }
      let values = [value] + (0..<Int.random(in: 0...4, using: &generator)).map { _ in scalar(of: type) }
      return generator.once(in: 2) ? .among(column, values) : .notAmong(column, values)
    }
    return switch Int.random(in: 0..<(ordered ? 6 : 2), using: &generator) {
    case 0: .equal(column, value)
    case 1: .notEqual(column, value)
    case 2: .ordered(column, .less, value)
    case 3: .ordered(column, .lessOrEqual, value)
    case 4: .ordered(column, .greater, value)
    default: .ordered(column, .greaterOrEqual, value)
    }
  }
}
