import DataModel
import Objects
import QueryLanguage
import Storage
import Wire

/// Finds objects by the words that their displays show, each word anywhere in it: `UA 488` finds a flight whose display
/// is `{airline.carrier} {number}`, which no single field of it holds.
///
/// What a display shows of related objects is looked for in them first; a word that too many of them hold is not followed.
struct DisplaySearch {
  /// How a word fits a field that the display shows.
  enum Fit {
    /// A number that it is, a text that begins with it.
    case exact
    /// Whatever prints it somewhere.
    case anywhere
  }

  private let read: PageRead
  /// Folded.
  private let words: [String]
  private let fit: Fit

  private static let mostWords = 8
  private static let mostBytes = 1000
  /// Related objects that a word may mean.
  private static let mostRelated = 200
  /// Relationships that are followed, one behind the other.
  private static let deepest = 2

  /// Nil for a text without words, or with more of them than are looked for.
  init?(_ query: FindText, in read: PageRead, _ fit: Fit) {
    guard query.text.utf8.count <= Self.mostBytes, !query.text.utf8.contains(0),
      (1...Self.mostWords).contains(query.words.count)
    else { return nil }
    self.read = read
    self.fit = fit
    words = query.words
  }

  /// That the display of an object has all words; nil where none can have them, or each has.
  func predicate(on model: ModelView) throws -> Predicate? {
    var terms: [Predicate] = []
    for word in words {
      let term = try predicate(word, shownBy: model, depth: 0)
      if term == .never { return nil }
      terms.append(term)
    }
    if terms.allSatisfy({ $0 == .always }) { return nil }
    if fit == .exact, let search = try search(among: terms, of: model) { terms.append(search) }
    return .all(terms)
  }

  /// A search for the longest word that stands in a field of the model itself: by its index the few objects are found
  /// that are looked at. Nil for words that are too short for it.
  private func search(among terms: [Predicate], of model: ModelView) throws -> Predicate? {
    let own = zip(words, terms).filter { $1 != .always && !$1.followsRelationships }.map(\.0)
    guard let word = own.max(by: { $0.utf8.count < $1.utf8.count }), word.unicodeScalars.count >= Self.leastSearched
    else { return nil }
    return try TextSearch.predicate(for: word, on: model.stored, seesMasked: false)
  }

  /// Shorter texts have no index.
  private static let leastSearched = 3

  /// That the display of an object holds the word.
  private func predicate(_ word: String, shownBy model: ModelView, depth: Int) throws -> Predicate {
    var terms: [Predicate] = []
    for part in model.stored.model.display.parts {
      switch part {
      case .literal(let text): if CaseFolding.folded(text).contains(word) { return .always }
      case .value(let value): terms += try predicates(word, value.content, along: value.path[...], of: model, depth)
      }
    }
    return terms.isEmpty ? .never : .any(terms)
  }

  private func predicates(
    _ word: String, _ content: DisplayFormat.Content, along path: ArraySlice<DisplayFormat.Step>, of model: ModelView,
    _ depth: Int
  ) throws -> [Predicate] {
    if let step = path.first {
      // By one word alone its own objects are found, and not all that lead to them.
      guard words.count > 1, depth < Self.deepest, let target = read.models[step.model] else { return [] }
      let terms = try predicates(word, content, along: path.dropFirst(), of: target, depth + 1)
      return try related(target, by: step.relationship, of: model, where: terms)
    }
    switch content {
    case .field(let field):
      guard let position = model.stored.columns.firstIndex(where: { $0.isField(field.name) }) else { return [] }
      let terms = try TextSearch.terms(word, on: model.stored).filter { $0.searchedColumn == .column(position) }
      return fit == .exact ? terms.compactMap { $0.exactly(word) } : terms
    case .id: return try TextSearch.terms(word, on: model.stored).filter { $0.searchedColumn == .id }
    case .relationship(let name):
      guard let position = model.position(of: name) else { return [] }
      return try TextSearch.terms(word, on: model.stored).filter { $0.searchedColumn == .column(position) }
    case .display:
      // The own display of what a path leads to; a display never quotes itself.
      guard depth > 0, depth <= Self.deepest else { return [] }
      let term = try predicate(word, shownBy: model, depth: depth)
      return term == .never ? [] : [term]
    }
  }

  /// That the relationship leads to one of those that these hold of.
  private func related(
    _ target: ModelView, by relationship: String, of model: ModelView, where terms: [Predicate]
  ) throws -> [Predicate] {
    guard !terms.isEmpty, let position = model.position(of: relationship) else { return [] }
    if terms.contains(.always) { return [.isNotNull(.column(position))] }
    let found = try read.links(to: target, where: .any(terms), limit: Self.mostRelated)
    guard !found.links.isEmpty, !found.hasMore else { return [] }
    return [.among(.column(position), found.links.map { .id($0.id) })]
  }
}

extension ModelView {
  /// The column of a belongs-to.
  fileprivate func position(of relationship: String) -> Int? {
    stored.columns.firstIndex { column in
      if case .belongsTo(let found) = column.source { found.name == relationship } else { false }
    }
  }
}

extension StoredColumn {
  fileprivate func isField(_ name: String) -> Bool {
    if case .field(let field) = source { field.name == name } else { false }
  }
}

extension TextSearch {
  /// The conditions of which one must hold, each on a column.
  fileprivate static func terms(_ word: String, on model: StoredModel) throws(ClientFault) -> [Predicate] {
    guard case .search(let search) = try predicate(for: word, on: model, seesMasked: false) else { return [] }
    return search.printed + search.direct
  }
}

extension Predicate {
  /// The same of a number that is the word, or a text that begins with it; nil where there is none.
  fileprivate func exactly(_ word: String) -> Predicate? {
    switch self {
    case .printedContains(let column, .integer, _):
      NumberText.integer(word).map { .equal(column, .integer($0)) }
    case .printedContains(let column, .number, _): NumberText.double(word).map { .equal(column, .real($0)) }
    case .printedContains(let column, .text, _): .startsWithFolded(column, word)
    default: self
    }
  }

  /// Whether it speaks of what relationships lead to, which the object itself does not print.
  fileprivate var followsRelationships: Bool {
    switch self {
    case .any(let terms), .all(let terms): terms.contains(where: \.followsRelationships)
    case .among(_, let values): if case .id? = values.first { true } else { false }
    case .isNotNull: true
    default: false
    }
  }

  fileprivate var searchedColumn: ColumnReference? {
    switch self {
    case .printedContains(let column, _, _), .hasAnyKey(let column, _), .among(let column, _): column
    default: nil
    }
  }
}
