import DataModel
import JSON
import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// What was typed into the query console, read under the models that are there for the visitor: the form with what was
/// typed, the view that it asks for, and where it cannot be read, why and at which position.
struct ConsoleQuestion: Sendable {
  private(set) var form: Form
  /// Nil while nothing is asked, and where it cannot be read.
  private(set) var model: String?
  private(set) var view = TableView()
  /// Where the expression is wrong: characters from 0.
  private(set) var position: Int?

  init(_ text: ConsoleText, among models: VisibleModels) {
    form = Form(
      Self.fields(models),
      values: Dictionary(uniqueKeysWithValues: ConsoleText.Key.allCases.map { ($0.rawValue, text[$0]) }))
    if text == .none { return }
    guard let model = models[text[.model]] else {
      refuse(.model, "Model: choose one of those that are offered.")
      return
    }
    read(text)
    guard form.isGood else { return }
    do throws(ClientFault) {
      _ = try TablePlan(view, on: model)
      self.model = model.name
    } catch {
      note(error)
    }
  }

  // MARK: Reading what was typed.

  private mutating func read(_ text: ConsoleText) {
    do throws(ClientFault) {
      if !text[.query].isEmpty { view = try Self.view(ofQuery: text[.query]) }
    } catch {
      refuse(.query, "Query: \(error.detail)")
    }
    do throws(ClientFault) {
      let terms = try Expression.read(text[.expression])?.terms ?? 0
      if !text[.expression].isEmpty || !text[.arguments].isEmpty {
        view.expression = text[.expression]
        view.arguments = Self.arguments(text[.arguments], places: terms)
      }
    } catch {
      note(error)
    }
    if !text[.sort].isEmpty { view.sort = Self.sort(text[.sort]) }
    view.size = TableView.sizes.first { "\($0)" == text[.size] } ?? TableView.sizes[0]
    if !text[.size].isEmpty, "\(view.size)" != text[.size] {
      refuse(.size, "Rows: choose one of those that are offered.")
    }
    view.start = .first
    view.columns = nil
  }

  /// A query as it stands in an address, with or without what comes before its question mark.
  private static func view(ofQuery text: String) throws(ClientFault) -> TableView {
    let query = text.firstIndex(of: "?").map { String(text[text.index(after: $0)...]) } ?? text
    do {
      return try TableView(QueryPairs(query))
    } catch let fault as ClientFault {
      throw fault
    } catch {
      throw .request("it cannot be read: \(error).")
    }
  }

  /// One argument a line, as JSON where it is that and as a text where not; or all of them as one JSON array.
  static func arguments(_ text: String, places: Int) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
    if lines.isEmpty { return "" }
    if lines.count != places, let whole = try? JSONDocument.read(text).root, whole.isArray, whole.count == places {
      return text.trimmed
    }
    return "[" + lines.map(json).joined(separator: ",") + "]"
  }

  private static func json(_ line: String) -> String {
    if (try? JSONDocument.read("[\(line)]").root.count) == 1 { return line }
    var writer = ByteWriter(capacity: line.utf8.count + 2)
    writer.append(quoted: line)
    return writer.string
  }

  /// `-updated_at, number`
  private static func sort(_ text: String) -> [TableView.Sort] {
    text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }.map { key in
      key.hasPrefix("-") ? TableView.Sort(String(key.dropFirst()), descending: true) : .init(key, descending: false)
    }
  }

  // MARK: What is wrong.

  private mutating func refuse(_ key: ConsoleText.Key, _ sentence: String) { form.refuse(key.rawValue, sentence) }

  /// At the field that it is about.
  private mutating func note(_ fault: ClientFault) {
    position = Expression.position(of: fault)
    if position != nil {
      refuse(.expression, fault.detail)
    } else if case .value = fault {
      form.fault = fault.detail
    } else if fault.detail.contains("arguments ") || fault.detail.hasPrefix("arguments") {
      refuse(.arguments, fault.detail)
    } else {
      form.fault = fault.detail
    }
  }

  // MARK: The form.

  private static func fields(_ models: VisibleModels) -> [FormField] {
    let choices =
      [FormField.Option("", "choose a model")]
      + models.all.map { FormField.Option($0.name, "\($0.stored.model.label) (\($0.name))") }
    func field(_ key: ConsoleText.Key, _ label: String, _ kind: FormField.Kind, _ hint: String) -> FormField {
      FormField(key.rawValue, label, kind, hint: hint, isRequired: false, most: 16_000)
    }
    return [
      FormField(ConsoleText.Key.model.rawValue, "Model", .choice(choices)),
      field(.expression, "Expression", .paragraph, "Such as: status = ? and (distance > ? or number in ?)"),
      field(
        .arguments, "Arguments", .paragraph,
        "One a line, in the order of the question marks: a text, a number, true, null, or a list such as [\"a\", \"b\"]. "
          + "Quotation marks make a text of anything."),
      field(.sort, "Sort", .word, "Names with commas between; a - before one turns it round: -updated_at, number"),
      field(
        .query, "Query of a GET", .word,
        "Such as: q[status]=landed&sort[number]=1, or a whole address. What it filters holds beside the expression."),
      FormField(
        ConsoleText.Key.size.rawValue, "Rows", .choice(TableView.sizes.map { FormField.Option("\($0)", "\($0)") }),
        isRequired: false),
    ]
  }
}
