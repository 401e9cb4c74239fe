import DataModel
import JSON
import Objects
import QueryLanguage
import Storage
import Wire

/// One condition of a view: a field, an operator and texts. Rows of the filter form, chips and the parts of `q` and of an
/// expression are made of it.
package struct Condition: Hashable, Sendable {
  /// As in filters: `airline_id`.
  package var name: String
  package var word: ConditionWord
  /// None for the tests of null; several for `in`.
  package var texts: [String]

  package init(_ name: String, _ word: ConditionWord, _ texts: [String] = []) {
    self.name = name
    self.word = word
    self.texts = texts
  }
}

/// An operator as forms name it and people read it.
package enum ConditionWord: String, CaseIterable, Sendable {
  case equal = "is"
  case notEqual = "is-not"
  case less, lessOrEqual = "up-to", greater, greaterOrEqual = "from"
  case contains
  case startsWith = "begins"
  case among = "any-of"
  case notAmong = "none-of"
  case empty = "empty"
  case notEmpty = "not-empty"
  /// Of a list of keys: these and no others, in whatever order.
  case exactly = "just"
  case notExactly = "not-just"
  case emptyList = "empty-list"
  case notEmptyList = "not-empty-list"
  case null = "no-value"
  case notNull = "has-value"

  /// Whether it takes what was typed.
  var takesText: Bool {
    switch self {
    case .empty, .notEmpty, .emptyList, .notEmptyList, .null, .notNull: false
    default: true
    }
  }

  /// As people read it where the form of a field has no word of its own.
  var text: String {
    switch self {
    case .equal: "is"
    case .notEqual: "is not"
    case .less: "before"
    case .lessOrEqual: "up to"
    case .greater: "after"
    case .greaterOrEqual: "from"
    case .contains: "contains"
    case .startsWith: "begins with"
    case .among: "is any of"
    case .notAmong: "is none of"
    case .empty: "is empty text"
    case .notEmpty: "is not empty text"
    case .exactly: "is exactly"
    case .notExactly: "is not exactly"
    case .emptyList: "is an empty list"
    case .notEmptyList: "is not an empty list"
    case .null: "has no value"
    case .notNull: "has a value"
    }
  }

  init(_ comparison: FilterOperator) {
    self =
      switch comparison {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .contains: .contains
      case .startsWith: .startsWith
      case .among: .among
      case .notAmong: .notAmong
      case .null: .null
      }
  }

  /// As expressions have it; nil where they compare with null or with a text instead.
  var comparison: FilterOperator? {
    switch self {
    case .equal, .empty, .exactly, .emptyList, .null: .equal
    case .notEqual, .notEmpty, .notExactly, .notEmptyList, .notNull: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .contains: .contains
    case .startsWith: .startsWith
    case .among: .among
    case .notAmong: .notAmong
    }
  }
}

/// Conditions of which one must hold.
package typealias ConditionGroup = [Condition]

extension Condition {
  /// A pair of `q`, where it says the same as an expression would: texts, days and several values do not.
  func filter(of kind: FilterField.Kind) -> TableView.Filter? {
    switch word {
    case .null: return TableView.Filter(name + ".null", "true")
    case .notNull: return TableView.Filter(name + ".null", "false")
    case .contains where kind == .choices: return one.map { TableView.Filter(name + ".contains", $0) }
    case .contains, .startsWith, .among, .notAmong, .empty, .notEmpty, .exactly, .notExactly, .emptyList, .notEmptyList:
      return nil
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      // A bare day is all of its times in an expression, and midnight in a filter.
      if kind == .time, let text = one, text.utf8.count <= 10 { return nil }
      guard let suffix = word.comparison?.suffix, let text = one, !text.isEmpty else { return nil }
      return TableView.Filter(name + suffix, text)
    }
  }

  private var one: String? { texts.count == 1 ? texts[0] : nil }

  /// `name in ?`
  var written: String { "\(name) \(word.comparison?.word ?? "=") ?" }

  /// What stands for the `?`, as JSON.
  func argument(of kind: FilterField.Kind) -> String {
    switch word {
    case .null, .notNull: return "null"
    case .empty, .notEmpty: return "\"\""
    case .emptyList, .notEmptyList: return "[]"
    case .among, .notAmong, .exactly, .notExactly: return "[" + texts.map { kind.json($0) }.joined(separator: ",") + "]"
    default: return kind.json(texts.first ?? "")
    }
  }
}

extension TableView {
  /// The conditions of the view, as groups of which each must hold; nil where its expression is no AND of OR groups and
  /// stays as it was written.
  var groups: (filters: [ConditionGroup], expression: [ConditionGroup]?) {
    (filters.map { [Condition($0)] }, expressionGroups())
  }

  private func expressionGroups() -> [ConditionGroup]? {
    guard !expression.isEmpty else { return [] }
    guard let read = (try? Expression.read(expression)) ?? nil else { return nil }
    let values = ((try? TablePlan.arguments(arguments)) ?? nil).map { Array($0.elements) } ?? []
    guard values.count == read.terms else { return nil }
    let parts: [Expression] = if case .all(let parts) = read.expression { parts } else { [read.expression] }
    var groups: [ConditionGroup] = []
    for part in parts {
      let terms: [Expression] = if case .any(let terms) = part { terms } else { [part] }
      var group: ConditionGroup = []
      for term in terms {
        guard case .comparison(let comparison) = term, let condition = Condition(comparison, values) else { return nil }
        group.append(condition)
      }
      groups.append(group)
    }
    return groups
  }

  /// The same view with these conditions alone: as filters where those say the same, else as one expression.
  func filtered(by groups: [ConditionGroup], _ kinds: (String) -> FilterField.Kind) -> TableView {
    changed { view in
      view.filters = []
      var parts: [String] = []
      var arguments: [String] = []
      for group in groups {
        if group.count == 1, let filter = group[0].filter(of: kinds(group[0].name)) {
          view.filters.append(filter)
          continue
        }
        let written = group.map(\.written).joined(separator: " or ")
        parts.append(group.count > 1 ? "(\(written))" : written)
        arguments += group.map { $0.argument(of: kinds($0.name)) }
      }
      view.filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
      view.expression = parts.joined(separator: " and ")
      view.arguments = arguments.isEmpty ? "" : "[" + arguments.joined(separator: ",") + "]"
    }
  }
}

extension Condition {
  /// What a filter asks.
  init(_ filter: TableView.Filter) {
    let name = String(filter.key.prefix { $0 != "." })
    let suffix = String(filter.key.dropFirst(name.count))
    let comparison = FilterOperator.allCases.first { $0.suffix == suffix } ?? .equal
    if comparison == .null {
      self.init(name, TruthText.read(filter.value) == false ? .notNull : .null)
    } else {
      self.init(name, ConditionWord(comparison), [filter.value])
    }
  }

  /// Nil where the value is nothing that a form can hold.
  init?(_ comparison: Expression.Comparison, _ values: [JSONValue]) {
    let value = values[comparison.argument]
    let word = ConditionWord(comparison.operator)
    if value.isNull {
      guard word == .equal || word == .notEqual else { return nil }
      self.init(comparison.name, word == .equal ? .null : .notNull)
    } else if value.isArray {
      var texts: [String] = []
      for element in value.elements {
        guard let text = element.formText else { return nil }
        texts.append(text)
      }
      guard let word = word.ofList(isEmpty: texts.isEmpty) else { return nil }
      self.init(comparison.name, word, texts)
    } else {
      guard let text = value.formText else { return nil }
      self.init(comparison.name, text.isEmpty ? word.ofEmptyText : word, text.isEmpty ? [] : [text])
    }
  }
}

extension ConditionWord {
  /// What a comparison with a list asks; nil for what no form can hold.
  fileprivate func ofList(isEmpty: Bool) -> ConditionWord? {
    switch self {
    case .among, .notAmong: self
    case .equal: isEmpty ? .emptyList : .exactly
    case .notEqual: isEmpty ? .notEmptyList : .notExactly
    default: nil
    }
  }

  fileprivate var ofEmptyText: ConditionWord {
    switch self {
    case .equal: .empty
    case .notEqual: .notEmpty
    default: self
    }
  }
}

extension JSONValue {
  /// A text, a number or a truth as forms have it; nil for others.
  fileprivate var formText: String? {
    if let string { return string }
    return number != nil || bool != nil ? rawText : nil
  }
}
