import DataModel

/// A text that is looked for in all that an object says of itself (api.md section 13 «Search»), case
/// folded, as the predicates of which one must hold.
package struct TextSearch: Sendable, Equatable {
  /// Folded (`CaseFolding`) and not empty.
  package let text: String
  /// What looks into values as they are printed: texts, numbers, dates, ids. An engine may find candidates
  /// for these in an index of the id and of what `StoredColumn.searched` names.
  package let printed: [Predicate]
  /// The others: the keys whose labels hold the text under the model in force.
  package let direct: [Predicate]

  package init(text: String, printed: [Predicate], direct: [Predicate]) {
    self.text = text
    self.printed = printed
    self.direct = direct
  }

  /// What the search means.
  package var predicate: Predicate { .any(printed + direct) }
}

/// How a search looks into a column.
package enum SearchedForm: Sendable, Equatable {
  case printed(PrintedForm)
  /// The labels of the keys.
  case labels
}

extension StoredColumn {
  /// Nil for a column that no search looks into.
  package var searched: SearchedForm? {
    switch source {
    case .belongsTo: .printed(.id)
    case .field(let field):
      switch field.type {
      case .text: field.subtype == .password ? nil : .printed(.text)
      case .integer: .printed(.integer)
      case .number: .printed(.number)
      case .date: .printed(.day)
      case .datetime: .printed(.instant)
      case .boolean, .singleChoice, .singleChoiceInteger, .multipleChoice, .multipleChoiceInteger: .labels
      case .location, .track, .attachment, .photo, .signature: nil
      }
    }
  }
}
