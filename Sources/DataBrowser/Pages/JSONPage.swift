import JSON
import Web
import Wire

/// An object as the API prints it.
package struct JSONPage: Page {
  package var card: DeploymentCard
  package var label: String
  package var link: ObjectLink
  package var json: String
  package var hasPasswords: Bool
  /// Whether password fields are in it.
  package var isFull: Bool

  package var showsSecret: Bool { isFull && hasPasswords }

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  package var title: String { "JSON of \(CutText.cut(name)) – \(label)" }
  package var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none)),
      Crumb(CutText.cut(name), .object(card.id, model: link.model, link.id)),
    ]
  }

  private var download: Route {
    isFull
      ? .fullJSON(card.id, model: link.model, link.id, asFile: true)
      : .json(card.id, model: link.model, link.id, asFile: true)
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "JSON of \(name)" }
        a(
          .class("button"), .href(download),
          .download("\(link.id.description).json")
        ) { "Download" }
      }
      if showsSecret {
        div(.class("notice warn")) {
          strong { "Password fields are shown" }
          p { "Each time this page is opened is entered into the audit." }
        }
      } else if hasPasswords {
        div(.class("notice")) {
          strong { "Password fields are masked" }
          p {
            "They read null here; the API prints their values. "
            a(.href(Route.fullJSON(card.id, model: link.model, link.id))) { "Show it with password fields" }
            ", which asks who you are and is entered into the audit."
          }
        }
      }
      p(.class("hush small")) { "Indented for reading; the download has the exact bytes of the API." }
      CodeBlock(id: "json", text: JSONIndent.indented(json), isWrapped: true).html
    }
  }
}
