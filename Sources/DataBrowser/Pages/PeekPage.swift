import Web
import Wire

/// The first fields of an object, as a look at it from elsewhere.
package struct PeekPage: Page {
  package var card: DeploymentCard
  package var label: String
  package var link: ObjectLink
  package var fields: WrittenHTML

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  package var title: String { "\(CutText.cut(name)) – \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none))]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1(.directionOfText) { name }
        a(.class("button"), .href(Route.object(card.id, model: link.model, link.id))) { "Open" }
      }
      div(.class("card"), .id("peek")) {
        Web.table(.class("fields")) {
          caption(.class("away")) { "The first fields of \(name)" }
          tbody { HTML.written(fields) }
        }
      }
    }
  }
}
