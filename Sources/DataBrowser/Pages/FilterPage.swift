import Web
import Wire

/// The form of a table's filters.
package struct FilterPage: Page {
  package var card: DeploymentCard
  package var links: ViewLinks
  package var label: String
  package var view: TableView
  /// Parts of the view for which the form has no inputs.
  package var kept: [ViewText.Pair]
  package var filters: FilterForm
  /// Whether the view has an expression that no row can hold; it stays in force beside the rows.
  package var hasHandwritten: Bool
  package var ticket: String
  /// The whole that is wrong, where no row is.
  package var fault: String?
  /// Whether the view is too long for an address: sent once more by its button, it is kept under a number.
  package var isTooLong = false

  private var hasFault: Bool { fault != nil || filters.rows.contains { $0.fault != nil } }

  package var title: String { "\(hasFault ? "Error: " : "")Filter \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, links.table(view))]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Filter \(label)" } }
      if hasFault { summaryOfFaults }
      if isTooLong {
        div(.class("notice"), .role("status")) {
          strong { "This filter is too long for an address" }
          p { "Show keeps it under a number, for you alone, until 30 days after you last opened it." }
        }
      }
      form(.class("stack"), .method(.post), .action(Route.filter(card.id, model: links.model, .none))) {
        input(.type(.hidden), .name("ticket"), .value(ticket))
        HiddenPairs(kept).html
        // Enter presses the first button of a form, which is not to be the one that adds a row.
        button(.type(.submit), .name("do"), .value("apply"), .hidden) { "Show" }
        if hasHandwritten {
          div(.class("notice")) {
            strong { "An expression written by hand stays in force" }
            code { view.expression }
          }
        }
        if filters.rows.isEmpty { p(.class("hush")) { "Nothing is filtered yet. Add a condition:" } }
        ol(.class("plain filters")) {
          for (index, row) in filters.rows.enumerated() { li { FilterRow(index: index, row: row).html } }
        }
        adding
        div(.class("actions")) {
          button(.type(.submit), .name("do"), .value("apply"), .class("main")) { "Show" }
          button(.type(.submit), .name("do"), .value("cancel")) { "Cancel" }
        }
      }
    }
  }

  private var summaryOfFaults: HTML {
    div(.class("notice bad"), .role("alert"), .tabIndex(-1), .autofocus()) {
      strong { "This filter cannot be used" }
      if let fault { p { fault } }
      ul {
        for (index, row) in filters.rows.enumerated() {
          if let fault = row.fault { li { a(.href(LocalAddress(fragment: FilterRow.id(index, "value")))) { fault } } }
        }
      }
    }
  }

  private var adding: HTML {
    div(.class("inline")) {
      Web.label(.for("add")) { "Condition on" }
      select(.id("add"), .name("add")) {
        option(.value("")) { "choose a field" }
        for field in filters.fields { option(.value(field.name)) { field.label } }
      }
      button(.type(.submit), .name("do"), .value("add")) { "Add" }
    }
  }
}

/// A row of the filter form.
struct FilterRow {
  let index: Int
  let row: FilterForm.Row

  static func id(_ index: Int, _ part: String) -> String { "f-\(index)-\(part)" }

  private func id(_ part: String) -> String { Self.id(index, part) }
  private func name(_ part: String) -> String { "f[\(index)][\(part)]" }

  /// More options than these are a list to choose from.
  private static let mostBoxes = 60

  var html: HTML {
    fieldset(.class("filter-row")) {
      legend(.class("away")) { "Condition \(index + 1)" }
      input(.type(.hidden), .name(name("field")), .value(row.field.name))
      if index > 0 {
        Web.label(.class("choice small joins")) {
          input(.type(.checkbox), .name(name("or")), .value("1"), .checked(row.joins))
          "or: it is enough if this one fits, or the one above"
        }
      }
      strong { row.field.label }
      div(.class("field")) {
        Web.label(.for(id("op")), .class("away")) { "Operator" }
        select(.id(id("op")), .name(name("op"))) {
          for (word, text) in row.field.kind.words {
            option(.value(word.rawValue), .selected(word == row.word)) { text }
          }
          if !row.field.kind.words.contains(where: { $0.word == row.word }) {
            option(.value(row.word.rawValue), .selected()) { row.word.text }
          }
        }
      }
      div(.class("stack")) {
        value
        if let fault = row.fault { p(.class("wrong"), .id(id("fault"))) { fault } }
        button(.type(.submit), .name("do"), .value("\(FilterForm.removing)\(index)"), .class("small")) {
          "Remove"
          span(.class("away")) { " the condition on \(row.field.label)" }
        }
      }
    }
  }

  private var isWrong: Attribute {
    .when(row.fault != nil, .aria("invalid", "true"))
  }

  @HTMLBuilder
  private var value: HTML {
    switch row.field.kind {
    case .presence: p(.id(id("value")), .class("hush small")) { "Takes no value." }
    case .truth, .choice, .numberedChoice, .choices: boxes
    case .text: lines(hint: "“is any of” and “is none of” take one value on each line.")
    case .relationship: chosen
    case .id: lines(hint: "Ids of objects, one on each line.")
    case .number: typed("decimal", hint: "“is any of” and “is none of” take several, with commas between.")
    case .date: typed("numeric", hint: "A day: 2013-01-31")
    case .time: typed("text", hint: "UTC: 2013-01-31 is all of that day, 2013-01-31 09:05 a time.")
    }
  }

  private var boxes: HTML {
    fieldset(.id(id("value")), .class("options choice")) {
      legend(.class("away")) { "\(row.field.label): values" }
      for option in row.field.options.prefix(Self.mostBoxes) {
        Web.label {
          input(
            .type(.checkbox), .name(name("value") + "[]"), .value(option.key), .checked(row.texts.contains(option.key)))
          option.label
        }
      }
      let rest = row.field.options.dropFirst(Self.mostBoxes)
      if !rest.isEmpty {
        select(.name(name("value") + "[]"), .aria("label", "\(row.field.label): further values")) {
          option(.value("")) { "further values" }
          for one in rest { option(.value(one.key), .selected(row.texts.contains(one.key))) { one.label } }
        }
      }
    }
  }

  /// Ids with what they stand for, and the way to choose one.
  @HTMLBuilder
  private var chosen: HTML {
    lines(hint: "Ids of objects, one on each line.")
    let known = row.texts.compactMap { text in row.names[text] }
    if !known.isEmpty { p(.class("hush small"), .directionOfText) { known.joined(separator: ", ") } }
    button(.type(.submit), .name("do"), .value("\(FilterForm.choosing)\(row.field.name)"), .class("small")) {
      "Choose \(row.field.label)…"
    }
  }

  private func lines(hint: String) -> HTML {
    div(.class("field")) {
      Web.label(.for(id("value")), .class("away")) { "\(row.field.label): value" }
      textarea(
        .id(id("value")), .name(name("value")), .rows(max(1, min(row.texts.count, 8))), .spellcheck(false), isWrong,
        text: row.texts.joined(separator: "\n"))
      span(.class("hint")) { hint }
    }
  }

  private func typed(_ mode: StaticString, hint: String) -> HTML {
    div(.class("field")) {
      Web.label(.for(id("value")), .class("away")) { "\(row.field.label): value" }
      input(
        .id(id("value")), .name(name("value")), .type(.text), .inputMode(mode), .autocomplete("off"), isWrong,
        .value(row.texts.joined(separator: ", ")))
      span(.class("hint")) { hint }
    }
  }
}
