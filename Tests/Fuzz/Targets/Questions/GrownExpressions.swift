import JSON
import Storage
import Wire

@testable import QueryLanguage

/// Expressions that are made by the grammar, with values that fit: they must be read, as what they were made, and mean
/// something on a model.
enum GrownExpressions {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    var growth = Growth(decisions: Decisions(input))
    let made = growth.any(depth: 0)
    let text = growth.text
    let read: (expression: Expression, terms: Int)?
    do throws(ClientFault) {
      read = try Expression.read(text)
    } catch {
      throw BrokenPromise("\(text) is refused: \(error)")
    }
    try promise(
      read.map { Expressions.plain($0.expression) } == made,
      "\(text) was made as \(made) and is read as \(String(describing: read))")
    try promise(read?.terms, is: growth.arguments.count, "as many places as were made: \(text)")
    try meaning(text, growth.arguments)
  }

  private static func meaning(_ text: String, _ arguments: [String]) throws(BrokenPromise) {
    let model = SampleModel.stored
    let list = (try? JSONDocument.read("[\(arguments.joined(separator: ","))]"))?.root
    let predicate: Predicate
    do throws(ClientFault) {
      predicate = try Expression.predicate(text, arguments: list, on: model)
    } catch {
      throw BrokenPromise("\(text) with \(arguments) is refused: \(error)")
    }
    try Queries.plan(predicate, [])
    let fewer = (try? JSONDocument.read("[\(arguments.dropLast().joined(separator: ","))]"))?.root
    try promise(
      (try? Expression.predicate(text, arguments: fewer, on: model)) == nil, "one value too few is refused: \(text)")
  }
}

extension GrownExpressions {
  private struct Growth {
    var decisions: Decisions
    var text = ""
    /// As JSON, one for each place.
    var arguments: [String] = []

    mutating func any(depth: Int) -> Expression {
      var parts = [all(depth: depth)]
      while parts.count < 4, arguments.count < 60, decisions.once(in: 4) {
        join("or")
        parts.append(all(depth: depth))
      }
      return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all(depth: Int) -> Expression {
      var parts = [term(depth: depth)]
      while parts.count < 4, arguments.count < 60, decisions.once(in: 4) {
        join("and")
        parts.append(term(depth: depth))
      }
      return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func join(_ word: String) {
      if text.last != ")" || decisions.once(in: 2) { blank() }
      text += word
      blank()
    }

    private mutating func blank() { text += decisions.one(of: [" ", "  ", "\n", "\t "]) }

    private mutating func term(depth: Int) -> Expression {
      if depth < Expression.mostDepth, decisions.once(in: 4) {
        text += decisions.one(of: ["(", "( "])
        let inner = any(depth: depth + 1)
        text += decisions.one(of: [")", " )"])
        return inner
      }
      let kind = decisions.one(of: GrownExpressions.kinds)
      let chosen = decisions.one(of: kind.operators)
      let name = decisions.one(of: kind.names)
      text += name
      let word = chosen.word ?? ""
      let isSymbol = chosen.word?.first?.isLetter == false
      if !isSymbol || decisions.once(in: 2) { blank() }
      text += word
      if !isSymbol || decisions.once(in: 2) { blank() }
      text += "?"
      arguments.append(argument(kind, chosen))
      return .comparison(.init(name: name, position: 0, operator: chosen, argument: arguments.count - 1))
    }

    private mutating func argument(_ kind: Kind, _ chosen: FilterOperator) -> String {
      var value = decisions.one(of: kind.values)
      if chosen == .contains || chosen == .startsWith, kind.names.contains("text") {
        var writer = ByteWriter()
        writer.append(quoted: decisions.text(most: 5))
        value = writer.string
      }
      let isList = chosen == .among || chosen == .notAmong || kind.isList && (chosen == .equal || chosen == .notEqual)
      return isList ? "[\(value)]" : value
    }
  }

  private struct Kind {
    var names: [String]
    var operators: [FilterOperator]
    var values: [String]
    /// Equality compares whole lists of keys.
    var isList = false
  }

  private static let equality: [FilterOperator] = [.equal, .notEqual, .among, .notAmong]
  private static let order: [FilterOperator] = [.less, .lessOrEqual, .greater, .greaterOrEqual]

  private static let kinds: [Kind] = [
    Kind(names: ["integer", "number"], operators: equality + order, values: ["0", "-5", "2.5", "1e12", "\"7\""]),
    Kind(names: ["text"], operators: equality + order + [.contains, .startsWith], values: ["\"a\"", "5", "\"\""]),
    Kind(names: ["date"], operators: equality + order, values: ["\"2013-01-31\"", "\"20130131\""]),
    Kind(
      names: ["datetime", "_updated_at"], operators: equality + order,
      values: ["\"2013-01-31\"", "\"2013-01-31T09:05:00Z\""]),
    Kind(names: ["boolean"], operators: equality, values: ["true", "\"false\""]),
    Kind(names: ["choice"], operators: equality + [.startsWith], values: ["\"landed\"", "\"gone\""]),
    Kind(names: ["tags"], operators: [.equal, .notEqual, .contains], values: ["\"late\"", "\"7\""], isList: true),
    Kind(names: ["codes"], operators: [.equal, .notEqual, .contains], values: ["1", "2"], isList: true),
    Kind(
      names: ["next", "next_id", "id"], operators: [.equal, .notEqual, .among],
      values: ["\"0195a3b2-0000-7000-8000-000000000001\""]),
    Kind(names: ["photo", "file", "position", "route"], operators: [.equal, .notEqual], values: ["null"]),
  ]
}
