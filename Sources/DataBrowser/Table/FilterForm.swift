import Objects
import QueryLanguage
import Wire

/// The filter form as it was opened or sent: rows of field, operator and value.
///
/// A row may join the one before it as another way to fit («or»). What a row says is checked by the API's own coercion,
/// and its error stands at the row.
package struct FilterForm: Sendable {
  package struct Row: Sendable {
    package var field: FilterField
    package var word: ConditionWord
    package var texts: [String]
    /// Whether it is enough that this one or the row before holds.
    package var joins: Bool
    package var fault: String?
    /// Displays of the objects that it names, by their ids.
    package var names: [String: String] = [:]
  }

  package var rows: [Row]
  package let fields: [FilterField]

  /// A button's value, before the name of the relationship whose object is to be chosen.
  static let choosing = "choose:"

  /// A button's value, before the number of the row that goes.
  static let removing = "remove:"

  /// The form without the rows of one field, whose object is to be chosen anew.
  func without(_ name: String) -> FilterForm {
    var form = self
    form.rows.removeAll { $0.field.name == name }
    return form
  }

  /// Of a row with more ids, only so many are named.
  static let mostNames = 20

  /// At most so many rows of a form are read.
  static let mostRows = 100

  /// The rows of a view; what no row can hold stays outside.
  init(_ view: TableView, _ fields: FilterFields) {
    self.fields = fields.all
    rows = view.heldByRows(fields).flatMap { group in
      group.enumerated().compactMap { index, condition in
        fields[condition.name].map { Row(condition.forForm(of: $0), $0, joins: index > 0) }
      }
    }
  }

  /// The rows that a form sent: `f[0][field]`, `f[0][op]`, `f[0][value]` or `f[0][value][]`, `f[0][or]`. Rows of fields
  /// that are no more, and the one whose button to remove it was pressed, are left out.
  init(_ sent: FormContainer, _ fields: FilterFields) {
    self.fields = fields.all
    rows = []
    guard case .container(let entries)? = sent["f"] else { return }
    let act = sent["do"]?.text ?? ""
    let removed = act.hasPrefix(Self.removing) ? act.dropFirst(Self.removing.count) : nil
    for entry in entries.entries.prefix(Self.mostRows) {
      guard case .container(let parts) = entry.value, let name = parts["field"]?.text, let field = fields[name],
        removed != entry.key[...]
      else { continue }
      let word = parts["op"]?.text.flatMap(ConditionWord.init) ?? field.kind.words[0].word
      let condition = Condition(name, word, field.kind.texts(parts["value"], word))
      rows.append(Row(condition, field, joins: parts["or"] != nil && !rows.isEmpty))
    }
  }

  /// A further row for a field. A condition that has no value yet asks for the most usual one.
  mutating func add(_ field: FilterField, _ condition: Condition) {
    let isWhole = !condition.word.takesText || !condition.texts.isEmpty
    let row = isWhole ? condition.forForm(of: field) : Condition(field.name, field.kind.words[0].word)
    rows.append(Row(row, field, joins: false))
  }

  /// A row whose value was left empty filters nothing.
  private var filled: [Row] { rows.filter { !$0.word.takesText || !$0.texts.isEmpty } }

  var groups: [ConditionGroup] {
    var groups: [ConditionGroup] = []
    for row in filled {
      let conditions = row.conditions
      if row.joins, !groups.isEmpty, conditions.count == 1 {
        groups[groups.count - 1] += conditions[0]
      } else {
        groups += conditions
      }
    }
    return groups
  }

  /// Checks each row by itself.
  /// - Returns: whether all are good.
  mutating func check(on model: ModelView, _ fields: FilterFields) -> Bool {
    var isGood = true
    for index in rows.indices where !rows[index].word.takesText || !rows[index].texts.isEmpty {
      let view = TableView().filtered(by: rows[index].conditions, fields.kind)
      rows[index].fault = rows[index].problemWithIDs
      if rows[index].fault == nil {
        do throws(ClientFault) { _ = try TablePlan(view, on: model) } catch {
          rows[index].fault = rows[index].named(error.detail)
        }
      }
      if rows[index].fault != nil { isGood = false }
    }
    return isGood
  }
}

extension TableView {
  /// Whether rows can hold the expression: it is an AND of OR groups, and speaks of fields that one filters by.
  func isExpressionHeld(_ fields: FilterFields) -> Bool {
    groups.expression?.joined().allSatisfy { fields[$0.name] != nil } ?? false
  }

  /// Filters that no row can hold, such as one by `_type`.
  func unheldFilters(_ fields: FilterFields) -> [Filter] { filters.filter { fields[Condition($0).name] == nil } }

  fileprivate func heldByRows(_ fields: FilterFields) -> [ConditionGroup] {
    let (filters, expression) = groups
    let held = filters.filter { fields[$0[0].name] != nil }
    return isExpressionHeld(fields) ? held + (expression ?? []) : held
  }
}

extension FilterForm.Row {
  init(_ condition: Condition, _ field: FilterField, joins: Bool) {
    self.init(field: field, word: condition.word, texts: condition.texts, joins: joins, fault: nil)
  }

  /// What is wrong with a value that is no id, where ids are asked for: the API finds nothing for it, and says nothing.
  fileprivate var problemWithIDs: String? {
    switch field.kind {
    case .relationship, .id: break
    default: return nil
    }
    guard let text = texts.first(where: { ObjectID($0.lowercased()) == nil }) else { return nil }
    let way = field.kind == .id ? "An object's page has its id." : "Choose an object by its button."
    return "\(field.label): “\(CutText.cut(text))” is no id of an object. \(way)"
  }

  /// What the API says of a field, under the name that the form has for it.
  fileprivate func named(_ detail: String) -> String {
    detail.hasPrefix("\(field.name): ") ? field.label + detail.dropFirst(field.name.count) : detail
  }

  /// The groups that it means: one, but where a list of keys must have none of several.
  var conditions: [ConditionGroup] {
    guard field.kind == .choices, word == .contains || word == .notEqual else {
      let isOne = texts.count == 1 && (word == .among || word == .notAmong)
      // One value alone is a plain comparison, which `q` has too.
      let plain = isOne ? (word == .among ? ConditionWord.equal : .notEqual) : word
      return [[Condition(field.name, plain, texts)]]
    }
    let each = texts.map { Condition(field.name, word, [$0]) }
    return word == .contains ? [each] : each.map { [$0] }
  }
}

extension Condition {
  /// With an operator that the form of the field has.
  fileprivate func forForm(of field: FilterField) -> Condition {
    if field.kind.words.contains(where: { $0.word == word }) { return self }
    switch (field.kind, word) {
    case (.choices, .equal): return Condition(name, .contains, texts)
    case (_, .equal): return Condition(name, .among, texts)
    case (_, .notEqual): return Condition(name, .notAmong, texts)
    // One that was written by hand; the row offers it beside the usual ones.
    default: return self
    }
  }
}

extension FilterField.Kind {
  /// What a row's inputs sent.
  fileprivate func texts(_ sent: FormTree?, _ word: ConditionWord) -> [String] {
    guard word.takesText, let sent else { return [] }
    let all: [String] =
      switch sent {
      case .text(let text): [text]
      case .list(let texts): texts
      case .container: []
      }
    switch self {
    case .truth, .choice, .numberedChoice, .choices: return all.filter { !$0.isEmpty }
    case .relationship, .id: return all.flatMap(Self.words)
    case .number:
      return word == .among || word == .notAmong ? all.flatMap(Self.words) : all.map(\.trimmed).filter { !$0.isEmpty }
    case .date, .time:
      let parts = word == .among || word == .notAmong ? all.flatMap { $0.split(separator: ",").map(String.init) } : all
      return parts.map { Self.time($0.trimmed) }.filter { !$0.isEmpty }
    case .presence: return []
    case .text:
      // Browsers end lines with both; a text of several lines is several values where there can be several.
      let texts = all.map(\.lines)
      let lines = texts.joined().filter { !$0.isEmpty }
      return word == .among || word == .notAmong ? Array(lines) : lines.isEmpty ? [] : [lines.joined(separator: "\n")]
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
  }

  /// `2013-01-31 09:05` as people write it.
  private static func time(_ text: String) -> String {
    guard text.utf8.count > 10, let blank = text.firstIndex(of: " ") else { return text }
    return text[..<blank] + "T" + text[text.index(after: blank)...]
  }
}

extension String {
  /// Split at any line end.
  fileprivate var lines: [String] { split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init) }
}

extension FormTree {
  /// The text, where it is one.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
