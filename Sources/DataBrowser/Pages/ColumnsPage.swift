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
  package var links: ViewLinks
  package var label: String
  package var view: TableView
  /// Those that are shown, in their order, then the others.
  package var choices: [Choice]
  package var ticket: String

  /// What its buttons do.
  package enum Act: String {
    /// Show them, from now on.
    case apply
    /// Show them in this view alone.
    case once
    /// Go back to the model's own.
    case usual
  }

  package var title: String { "Columns of \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, links.table(view))]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Columns of \(label)" } }
      form(.class("card"), .method(.post), .action(Route.columns(card.id, model: links.model, .none))) {
        div(.class("inside stack")) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          HiddenPairs(links.pairs(view, without: ["columns"])).html
          p(.class("hush")) {
            "Tick what the table shows. Lower numbers stand further left; the object itself always comes first. What "
              + "you choose is kept for you, in all views of this model."
          }
          ol(.class("order")) { for choice in choices { row(choice) } }
          div(.class("actions")) {
            button(.type(.submit), .name("do"), .value(Act.apply.rawValue), .class("main")) { "Show" }
            button(.type(.submit), .name("do"), .value(Act.once.rawValue)) { "Show in this view alone" }
            button(.type(.submit), .name("do"), .value(Act.usual.rawValue)) { "The usual columns" }
            a(.class("button quiet"), .href(links.table(view))) { "Cancel" }
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
