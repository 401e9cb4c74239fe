import DataModel
import JSON
import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// A view that the values of an object narrow: «only these» keeps the objects that have the same value, «not these» all
/// others. Filters, search, sort, columns and size stay; the page begins anew.
struct Narrowing: Sendable {
  let view: TableView
  let links: ViewLinks
  let fields: FilterFields

  /// - Parameter opened: the view; nil for all objects of the model.
  init(_ opened: OpenedView?, of model: ModelView, in deployment: String) {
    view = opened?.view.at(.first) ?? TableView()
    links = opened?.links ?? ViewLinks(deployment, model.name)
    fields = FilterFields(of: model)
  }

  /// The links of a value; none for what is masked and for what no filter can ask.
  /// - Parameter name: of the field, as in filters.
  @HTMLBuilder
  func html(of value: ObjectValue, _ name: String, label: String) -> HTML {
    if let (only, not) = fields[name]?.conditions(of: value) {
      if isInForce(only) {
        span(.class("hush small")) { "in force: only these" }
      } else {
        link("only these", only, label)
        " "
        if isInForce(not) {
          span(.class("hush small")) { "in force: not these" }
        } else {
          link("not these", not, label)
        }
      }
    }
  }

  private func link(_ text: String, _ condition: Condition, _ label: String) -> HTML {
    // A view that is too long for an address is kept by the form of its filters.
    let route = links.shortTable(view.narrowed(by: condition, fields)) ?? links.filter(view, adding: condition)
    return a(.class("small"), .href(route), .aria("label", "\(label): \(text)")) { text }
  }

  /// Whether the view has just this condition, so that another one would change nothing.
  private func isInForce(_ condition: Condition) -> Bool {
    let (filters, expression) = view.groups
    return (filters + (expression ?? [])).contains { group in
      group.count == 1 && fields[group[0].name]?.name == condition.name && group[0].plain.word == condition.word
        && group[0].texts == condition.texts
    }
  }
}

extension Condition {
  /// One value alone is a plain comparison.
  fileprivate var plain: Condition {
    guard texts.count == 1, word == .among || word == .notAmong else { return self }
    return Condition(name, word == .among ? .equal : .notEqual, texts)
  }
}

extension TableView {
  /// The view of those of its objects for which a further condition holds.
  func narrowed(by condition: Condition, _ fields: FilterFields) -> TableView {
    let kind = fields.kind(condition.name)
    return changed { view in
      if let filter = condition.filter(of: kind) {
        view.filters.append(filter)
        view.filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
      } else {
        view.addExpression(condition.written, arguments: "[\(condition.argument(of: kind))]")
      }
    }
  }

  /// A further expression, which must hold too. It goes behind the one that there is, and so do its values.
  mutating func addExpression(_ more: String, arguments added: String) {
    if more.isEmpty { return }
    if expression.isEmpty {
      (expression, arguments) = (more, added)
      return
    }
    let read = (try? Expression.read(expression)) ?? nil
    // `and` binds tighter than `or`.
    let isWhole = if case .any? = read?.expression { false } else { read != nil }
    expression = "\(isWhole ? expression : "(\(expression))") and \(more)"
    let values = [arguments, added].map { $0.dropFirst().dropLast() }.filter { !$0.isEmpty }
    arguments = "[\(values.joined(separator: ","))]"
  }
}

extension FilterField {
  /// Longer texts make no good filter.
  private static let mostBytes = 200
  private static let mostKeys = 50

  /// What finds the objects that have this value, and what finds all others. They exclude each other.
  func conditions(of value: ObjectValue) -> (only: Condition, not: Condition)? {
    if case .null = value { return pair(.null, .notNull) }
    switch kind {
    case .presence: return pair(.notNull, .null)
    case .choices: return conditions(ofKeys: value)
    case .text, .number, .date, .time, .truth, .choice, .numberedChoice, .relationship, .id: break
    }
    guard let text = value.filterText, text.utf8.count <= Self.mostBytes else { return nil }
    if text.isEmpty { return kind == .text ? pair(.empty, .notEmpty) : nil }
    return pair(.equal, .notEqual, [text])
  }

  private func pair(_ only: ConditionWord, _ not: ConditionWord, _ texts: [String] = []) -> (Condition, Condition) {
    (Condition(name, only, texts), Condition(name, not, texts))
  }

  private func conditions(ofKeys value: ObjectValue) -> (only: Condition, not: Condition)? {
    guard case .choices(let list) = value else { return nil }
    let keys = list.prefix(Self.mostKeys + 1).map { key in
      let text = String(decoding: key, as: UTF8.self)
      return (try? JSONDocument.read(text).root.string) ?? text
    }
    if keys.isEmpty { return pair(.emptyList, .notEmptyList) }
    return keys.count <= Self.mostKeys ? pair(.exactly, .notExactly, keys) : nil
  }
}

extension ObjectValue {
  /// As a filter takes it; nil for what is compared with nothing.
  fileprivate var filterText: String? {
    switch self {
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    case .integer(let integer): String(integer)
    case .number(let number): Self.printed { $0.append(number: number) }
    case .date(let days): CalendarDay(daysSince1970: Int(days)).map { day in Self.printed { $0.append(day: day) } }
    case .datetime(let seconds): Instant(secondsSince1970: seconds)?.description
    case .choice(.text(let key)): String(decoding: key, as: UTF8.self)
    case .choice(.integer(let key)): String(key)
    case .choice(.boolean(let key)): key ? "true" : "false"
    case .relationship(let id): id.description
    case .null, .choices, .location, .track, .attachment: nil
    }
  }

  private static func printed(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }
}
