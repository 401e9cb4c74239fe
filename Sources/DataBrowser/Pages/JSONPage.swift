import Web
import Wire

/// An object as the API prints it.
package struct JSONPage: Page {
  package var card: DeploymentCard
  package var label: String
  package var link: ObjectLink
  package var json: String
  /// Whether values were masked, so that it is not what the API prints.
  package var isMasked: Bool

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  package var title: String { "JSON of \(CutText.cut(name)) – \(label)" }
  package var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none)),
      Crumb(CutText.cut(name), .object(card.id, model: link.model, link.id)),
    ]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "JSON of \(name)" }
        a(
          .class("button"), .href(Route.json(card.id, model: link.model, link.id, asFile: true)),
          .download("\(link.id.description).json")
        ) { "Download" }
      }
      if isMasked {
        div(.class("notice")) {
          strong { "Password fields are masked" }
          p { "They read null here; the API prints their values." }
        }
      }
      CodeBlock(id: "json", text: json, isWrapped: true).html
    }
  }
}
