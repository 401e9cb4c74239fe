import Web
import Wire

/// All values of a row of a table, each with «only these» and «not these», which narrow the view that the row stands in.
/// A module shows the part of a cell in its place.
package struct ValuesPage: Page {
  package var card: DeploymentCard
  package var label: String
  package var link: ObjectLink
  package var fields: WrittenHTML
  /// Of the view, in words.
  package var conditions: [String]
  /// The view; a table of all objects where one came from elsewhere.
  package var from: Route

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  package var title: String { "Values of \(CutText.cut(name)) – \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, from)]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1(.directionOfText) { "Values of \(name)" }
        a(.class("button"), .href(Route.object(card.id, model: link.model, link.id))) { "Open" }
      }
      Web.section(.class("card"), .id("values"), .aria("label", "Values of \(name)")) {
        div(.class("bar small")) { view }
        Web.table(.class("fields")) {
          caption(.class("away")) { "The values of \(name)" }
          tbody { HTML.written(fields) }
        }
      }
    }
  }

  @HTMLBuilder
  private var view: HTML {
    if conditions.isEmpty {
      p(.class("hush")) { "Each value leads to the objects of \(label) that have it, or to all others." }
    } else {
      div {
        p(.class("hush")) { "Each value narrows the view further in which:" }
        ul(.class("chips")) {
          for condition in conditions { li(.class("chip")) { span(.directionOfText) { condition } } }
        }
      }
    }
    a(.href(from)) { "Back to the table" }
  }
}
