import Web
import Wire

/// Chooses the object at the end of a relationship by searching for it.
package struct PickPage: Page {
  package struct Hit: Sendable {
    package var link: ObjectLink
    /// The view with this object chosen.
    package var view: Route
  }

  package var card: DeploymentCard
  package var links: ViewLinks
  package var label: String
  package var relationship: String
  package var target: String
  package var view: TableView
  package var text: String
  package var hits: [Hit]
  package var hasMore: Bool

  package var title: String { "Choose \(target) for \(relationship)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, links.table(view))]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { title } }
      Web.section(.class("card"), .aria("label", title)) {
        div(.class("bar")) {
          form(
            .class("search"), .role("search"), .method(.get), .action(Route.pick(card.id, model: links.model, .none))
          ) {
            Web.label(.for("pick"), .class("away")) { "Search in \(target)" }
            input(
              .id("pick"), .name("text"), .type(.search), .value(text), .placeholder("Search in \(target)"),
              .autocomplete("off"), .spellcheck(false), .maxLength(1000))
            input(.type(.hidden), .name("relationship"), .value(relationship))
            HiddenPairs(links.pairs(view)).html
            button(.type(.submit)) { "Search" }
          }
        }
        if hits.isEmpty {
          div(.class("empty")) { strong { "No object of \(target) holds this text" } }
        } else {
          ul(.class("rows")) {
            for hit in hits {
              li {
                a(.href(hit.view)) { hit.link.html }
                code(.class("hush small")) { hit.link.id.description }
              }
            }
          }
          if hasMore { p(.class("bar hush")) { "There are more; a longer text finds fewer." } }
        }
      }
    }
  }
}
