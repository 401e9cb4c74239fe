import DataModel
import Storage
import Wire

extension TextSearch {
  /// Characters that a search may have.
  package static let mostCharacters = 1000

  /// What a search for this text means on a model; empty texts find nothing.
  ///
  /// A key without an option has no label: `< invalid value >`, which is printed in its place, is not found.
  /// - Parameter seesMasked: whether it looks into fields that have held passwords and are other texts now.
  /// - Throws: `ClientFault.request` where the text is too long.
  package static func predicate(
    for query: String, on model: StoredModel, seesMasked: Bool
  ) throws(ClientFault) -> Predicate {
    // Counted only when it can be too much: a body may be large.
    guard query.utf8.count <= mostCharacters || query.unicodeScalars.count <= mostCharacters else {
      throw .request("The query has more than \(mostCharacters) characters; search for a part of it.")
    }
    let text = CaseFolding.folded(query)
    // No value holds U+0000.
    if text.isEmpty || text.utf8.contains(0) { return .never }
    var printed: [Predicate] = []
    var direct: [Predicate] = []
    if PrintedForm.id.mayHold(text) { printed.append(.printedContains(.id, .id, text)) }
    for (position, column) in model.columns.enumerated() where seesMasked || !column.isMasked {
      let reference = ColumnReference.column(position)
      switch (column.searched, column.source) {
      case (.printed(let form), _):
        if form.mayHold(text) { printed.append(.printedContains(reference, form, text)) }
      case (.labels, .field(let field)):
        let keys = keys(of: field, labelled: text)
        if !keys.isEmpty {
          direct.append(field.type.isMultipleChoice ? .hasAnyKey(reference, keys) : .among(reference, keys))
        }
      case (.labels, .belongsTo), (nil, _): break
      }
    }
    return .search(TextSearch(text: text, printed: printed, direct: direct))
  }

  /// The keys of the options whose labels hold the text.
  private static func keys(of field: Field, labelled text: String) -> [StoredValue] {
    field.options.filter { CaseFolding.folded($0.label).holds(text) }.map { option in
      switch option.key {
      case .text(let key): .text(key)
      case .integer(let key): .integer(Int64(key))
      case .boolean(let key): .integer(key ? 1 : 0)
      }
    }
  }
}

extension String {
  /// Whether the bytes of a text stand in this one's.
  fileprivate func holds(_ part: String) -> Bool {
    let all = Array(utf8)
    let wanted = Array(part.utf8)
    guard wanted.count <= all.count else { return false }
    return (0...(all.count - wanted.count)).contains { all[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
