import Web
import Wire

/// Which columns a table shows, and in which order: without dragging, and without a script.
package struct ColumnsPage: Page {
  package struct Choice: Sendable {
    package var name: String
    package var label: String
    package var type: String
    /// From 1; nil where it is not shown.
    package var position: Int?
  }

  package var card: DeploymentCard
  package var model: String
  package var label: String
  package var view: TableView
  /// Those that are shown, in their order, then the others.
  package var choices: [Choice]

  package var title: String { "Columns of \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: model, view.text))]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Columns of \(label)" } }
      form(.class("card"), .method(.get), .action(Route.columns(card.id, model: model, .none))) {
        div(.class("inside stack")) {
          HiddenPairs(view.pairs(without: ["columns"])).html
          p(.class("hush")) {
            "Tick what the table shows. Lower numbers stand further left; the object itself always comes first."
          }
          ol(.class("order")) { for choice in choices { row(choice) } }
          div(.class("actions")) {
            button(.type(.submit), .name("do"), .value("apply"), .class("main")) { "Show" }
            button(.type(.submit), .name("do"), .value("usual")) { "The usual columns" }
            a(.class("button quiet"), .href(Route.table(card.id, model: model, view.text))) { "Cancel" }
          }
        }
      }
    }
  }

  private func row(_ choice: Choice) -> HTML {
    let id = "c-\(choice.name)"
    return li {
      input(.type(.checkbox), .id(id), .name("c[]"), .value(choice.name), .checked(choice.position != nil))
      input(
        .type(.text), .name("n[\(choice.name)]"), .inputMode("numeric"), .autocomplete("off"),
        .value(choice.position.map(String.init) ?? ""), .aria("label", "Position of \(choice.label)"))
      Web.label(.for(id)) {
        choice.label
        span(.class("hush small")) { " \(choice.name), \(choice.type)" }
      }
    }
  }
}
