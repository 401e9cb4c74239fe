import DataModel
import Storage
import Wire

/// A search read plainly from api.md section 13: everything that an object prints, and whether the text is
/// in it.
struct PlainSearch: Sendable {
  let model: StoredModel
  /// Whether it looks into fields that have held passwords and are other texts now.
  let seesMasked: Bool
  private let reading: (@Sendable (String) throws -> Predicate)?

  /// - Parameter reading: what makes the predicate of a text; nil makes it without the query language.
  init(model: StoredModel, seesMasked: Bool = true, reading: (@Sendable (String) throws -> Predicate)? = nil) {
    self.model = model
    self.seesMasked = seesMasked
    self.reading = reading
  }

  /// What is asked of the snapshot.
  func asked(_ text: String) throws -> Predicate { try reading?(text) ?? predicate(text) }

  /// What a search for `text` must find, built without the query language: most of the kit tests storage alone.
  func predicate(_ text: String) -> Predicate {
    let text = CaseFolding.folded(text)
    var printed: [Predicate] = [.printedContains(.id, .id, text)]
    var direct: [Predicate] = []
    for (position, column) in model.columns.enumerated() {
      switch column.searched {
      case .printed(let form): printed.append(.printedContains(.column(position), form, text))
      case .labels: direct += keys(of: column, at: .column(position), labelled: text)
      case nil: break
      }
    }
    return .search(TextSearch(text: text, printed: printed, direct: direct))
  }

  private func keys(of column: StoredColumn, at reference: ColumnReference, labelled text: String) -> [Predicate] {
    guard case .field(let field) = column.source else { return [] }
    return field.options.filter { CaseFolding.folded($0.label).utf8Contains(text) }.map { option in
      let key = option.key.stored
      return field.type.isMultipleChoice ? .hasKey(reference, key) : .equal(reference, key)
    }
  }

  /// Whether anything that the object prints holds the text.
  func finds(_ text: String, in object: ObjectState) -> Bool {
    let wanted = CaseFolding.folded(text)
    return said(by: object).contains { CaseFolding.folded($0).utf8Contains(wanted) }
  }

  func said(by object: ObjectState) -> [String] {
    var texts = [object.id.description]
    for (column, value) in zip(model.columns, object.values) where seesMasked || !column.isMasked {
      switch (column.searched, column.source) {
      case (.printed(let form), _): texts += Predicate.printed(value, form).map { [$0] } ?? []
      case (.labels, .field(let field)):
        let keys = field.type.isMultipleChoice ? KeyList.keys(in: value) : value.isNull ? [] : [value]
        texts += field.options.filter { keys.contains($0.key.stored) }.map(\.label)
      case (.labels, .belongsTo), (nil, _): break
      }
    }
    return texts
  }
}

extension OptionKey {
  var stored: StoredValue {
    switch self {
    case .text(let key): .text(key)
    case .integer(let key): .integer(Int64(key))
    case .boolean(let key): .integer(key ? 1 : 0)
    }
  }
}

extension String {
  /// Whether the bytes of `part` stand somewhere in this text's.
  func utf8Contains(_ part: String) -> Bool {
    let all = Array(utf8)
    let wanted = Array(part.utf8)
    guard wanted.count <= all.count else { return false }
    return (0...(all.count - wanted.count)).contains { all[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
