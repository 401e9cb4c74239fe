import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// A condition that is in force, in words, and the view without it.
package struct Chip: Sendable {
  package var text: String
  /// Nil where the address of that view would be too long: the filter form leads there.
  package var without: Route?

  package init(text: String, without: Route?) {
    self.text = text
    self.without = without
  }
}

/// Makes chips of a view.
struct ChipMaker {
  let view: TableView
  let links: ViewLinks
  let fields: FilterFields
  /// Displays of the objects that conditions name, by their models.
  let displays: [String: [ObjectID: String]]

  /// Ids that conditions on this relationship name.
  static func ids(in view: TableView, _ fields: FilterFields) -> [(model: String, id: ObjectID)] {
    let groups = view.groups
    let all = (groups.filters + (groups.expression ?? [])).joined()
    var ids: [(model: String, id: ObjectID)] = []
    for condition in all {
      guard case .relationship(let model) = fields.kind(condition.name) else { continue }
      for text in condition.texts.prefix(mostValues) { if let id = ObjectID(text) { ids.append((model, id)) } }
    }
    return Array(ids.prefix(100))
  }

  /// Values that a chip names; more are counted.
  private static let mostValues = 5

  var chips: [Chip] {
    let (filters, expression) = view.groups
    var chips: [Chip] = []
    if !view.search.isEmpty {
      chips.append(
        Chip(
          text: "holds “\(CutText.cut(view.search))”", without: links.shortTable(view.changed { $0.search = "" })))
    }
    for (index, group) in filters.enumerated() {
      chips.append(
        Chip(
          text: words(of: group), without: links.shortTable(view.changed { $0.filters.remove(at: index) })))
    }
    guard let expression else {
      let without = view.changed {
        $0.expression = ""
        $0.arguments = ""
      }
      let text = "by hand: \(CutText.cut(view.expression, to: 200))"
      return chips + [Chip(text: text, without: links.shortTable(without))]
    }
    for (index, group) in expression.enumerated() {
      var rest = filters + expression
      rest.remove(at: filters.count + index)
      chips.append(Chip(text: words(of: group), without: links.shortTable(view.filtered(by: rest, fields.kind))))
    }
    return chips
  }

  private func words(of group: ConditionGroup) -> String { group.map(words).joined(separator: " or ") }

  private func words(of condition: Condition) -> String {
    guard let field = fields[condition.name] else { return condition.name }
    let word = field.kind.words.first { $0.word == condition.word }?.text ?? condition.word.text
    let label = field.label
    if !condition.word.takesText { return "\(label) \(word)" }
    var values = condition.texts.prefix(Self.mostValues).map { value(of: $0, field) }
    if condition.texts.count > Self.mostValues { values.append("\(condition.texts.count - Self.mostValues) more") }
    return "\(label) \(word) \(values.joined(separator: ", "))"
  }

  private func value(of text: String, _ field: FilterField) -> String {
    if let option = field.options.first(where: { $0.key == text }) { return option.label }
    if case .relationship(let model) = field.kind, let id = ObjectID(text), let display = displays[model]?[id] {
      return "“\(CutText.cut(display))”"
    }
    return text.isEmpty ? "empty text" : CutText.cut(text)
  }
}
