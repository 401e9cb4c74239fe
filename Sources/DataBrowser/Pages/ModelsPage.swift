import Web
import Wire

/// All models of a deployment with their counts.
package struct ModelsPage: Page {
  package var card: DeploymentCard
  package var models: [Frame.ModelCard]
  /// All there are, whatever is looked for.
  package var total: Int
  package var text: String
  package var byName: Bool

  package var title: String { "Models" }
  package var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Models" } }
      section(.class("card")) {
        div(.class("bar")) {
          form(.class("search"), .role("search"), .method(.get), .action(Route.models(card.id))) {
            label(.for("models-q"), .class("away")) { "Name or label of a model" }
            input(
              .id("models-q"), .name("q"), .type(.search), .value(text), .placeholder("Name or label"),
              .autocomplete("off"), .spellcheck(false))
            if byName { input(.type(.hidden), .name("order"), .value("name")) }
            button(.type(.submit)) { "Filter" }
          }
          div(.class("inline")) {
            span(.class("hush small")) { "Order:" }
            choice("data model", byName: false)
            choice("A–Z", byName: true)
          }
        }
        if models.isEmpty {
          div(.class("empty")) {
            strong {
              total == 0 ? "The data model has no models yet" : "No model has “\(CutText.cut(text))” in its name"
            }
            if total > 0 { link("Show all \(Grouped.text(total, "model"))", to: .models(card.id, byName: byName)) }
          }
        } else {
          ul(.class("rows")) { for model in models { ModelLine(deployment: card.id, model: model).html } }
        }
      }
    }
  }

  private func choice(_ name: String, byName: Bool) -> HTML {
    a(
      .class("button small"), .href(Route.models(card.id, text: text, byName: byName)),
      .when(byName == self.byName, .aria("current", "true"))
    ) { name }
  }
}
