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
  private let read: PageRead
  /// Folded.
  private let words: [String]

  private static let mostWords = 8
  private static let mostBytes = 1000
  /// Related objects that a word may mean.
  private static let mostRelated = 200
  /// Relationships that are followed, one behind the other.
  private static let deepest = 2

  /// Nil for a text that is one word, which a search finds, or more words than are looked for.
  init?(_ text: String, in read: PageRead) {
    guard text.utf8.count <= Self.mostBytes, !text.utf8.contains(0) else { return nil }
    self.read = read
    words = CaseFolding.folded(text).split(whereSeparator: \.isWhitespace).map(Self.core).filter { !$0.isEmpty }
    guard (2...Self.mostWords).contains(words.count) else { return nil }
  }

  /// Without the signs around it, which displays have between fields.
  private static func core(_ word: Substring) -> String {
    let isSign = { (character: Character) in character.isPunctuation || character.isSymbol }
    return String(word.drop(while: isSign).reversed().drop(while: isSign).reversed())
  }

  func links(to model: ModelView, limit: Int) throws -> (links: [ObjectLink], hasMore: Bool) {
    var terms: [Predicate] = []
    for word in words {
      let term = try predicate(word, shownBy: model, depth: 0)
      if term == .never { return ([], false) }
      terms.append(term)
    }
    if terms.allSatisfy({ $0 == .always }) { return ([], false) }
    return try read.links(to: model, where: .all(terms), limit: limit)
  }

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
      guard depth < Self.deepest, let target = read.models[step.model] else { return [] }
      let terms = try predicates(word, content, along: path.dropFirst(), of: target, depth + 1)
      return try related(target, by: step.relationship, of: model, where: terms)
    }
    switch content {
    case .field(let field):
      guard let position = model.stored.columns.firstIndex(where: { $0.isField(field.name) }) else { return [] }
      return try TextSearch.terms(word, on: model.stored).filter { $0.searchedColumn == .column(position) }
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
  fileprivate var searchedColumn: ColumnReference? {
    switch self {
    case .printedContains(let column, _, _), .hasAnyKey(let column, _), .among(let column, _): column
    default: nil
    }
  }
}
