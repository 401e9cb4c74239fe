import Web
import Wire

/// The deployments that one may see.
package struct DeploymentsPage: Page {
  package struct Entry: Sendable {
    package var card: DeploymentCard
    /// Nil where they cannot be counted.
    package var objects: Int?
    package var models: Int
    package var lastChange: Instant?
    /// What is wrong, each in a sentence.
    package var troubles: [String]

    package init(card: DeploymentCard, objects: Int?, models: Int, lastChange: Instant?, troubles: [String] = []) {
      self.card = card
      self.objects = objects
      self.models = models
      self.lastChange = lastChange
      self.troubles = troubles
    }
  }

  package var entries: [Entry]
  package var isOperator: Bool

  package init(entries: [Entry], isOperator: Bool) {
    self.entries = entries
    self.isOperator = isOperator
  }

  package var title: String { "Deployments" }
  package var isNarrow: Bool { true }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "Deployments" }
        if isOperator { a(.class("button"), .href(Route.server)) { "Server" } }
      }
      if entries.isEmpty { empty } else { div(.class("cards")) { for entry in entries { tile(entry) } } }
    }
  }

  private var empty: HTML {
    div(.class("card")) {
      div(.class("empty")) {
        if isOperator {
          strong { "There is no deployment yet" }
          p { "Make one here or, on the server, with `sojourn deployment create`." }
          link("People and deployments", to: .operators())
        } else {
          strong { "No deployment is open to you" }
          p { "Whoever administers a deployment can give you a role in it." }
        }
      }
    }
  }

  private func tile(_ entry: Entry) -> HTML {
    article(.class("card tile")) {
      h2 {
        link(entry.card.label, to: .overview(entry.card.id))
        entry.card.badge
      }
      for trouble in entry.troubles { p(.class("wrong")) { trouble } }
      dl(.class("facts")) {
        dt { "Objects" }
        dd { entry.objects.map { "\(Grouped.text($0)) in \(Grouped.text(entry.models, "model"))" } ?? "cannot be read" }
        if let region = entry.card.region {
          dt { "Region" }
          dd { region }
        }
        if let time = entry.lastChange {
          dt { "Last change" }
          dd { HTML.timeWithZone(time) }
        }
        dt { "Id" }
        dd { code { entry.card.id } }
      }
    }
  }
}
