import DataModel
import Storage
import Web
import Wire

/// The document of one deploy, with the way back to it.
struct ModelVersionPage: Page {
  var card: DeploymentCard
  var deploy: DeployRecord
  var current: Int
  var document: DocumentLines
  var mayDeploy: Bool

  var title: String { "Data model, version \(deploy.version)" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Data model", .dataModel(card.id))] }
  private var isCurrent: Bool { deploy.version == current }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "Data model, version \(deploy.version)" }
        actions
      }
      facts
      text
    }
  }

  private var actions: HTML {
    div(.class("actions")) {
      if !isCurrent {
        if mayDeploy {
          a(.class("button"), .href(Route.modelDeploy(card.id, version: deploy.version))) { "Go back to it" }
        }
        a(.class("button quiet"), .href(Route.modelComparison(card.id, from: deploy.version, to: current))) {
          "What changed since"
        }
      }
      a(.class("button quiet"), .href(Route.modelCheck(card.id, from: deploy.version))) { "Begin another with it" }
      a(.class("button quiet"), .href(Route.modelVersion(card.id, deploy.version, asFile: true))) { "Download" }
    }
  }

  private var facts: HTML {
    Web.section(.class("card")) {
      h2 { "Deploy" }
      dl(.class("inside facts")) {
        dt { "State" }
        dd {
          if isCurrent {
            span(.class("tag good")) { "in force" }
          } else {
            "Not in force: "
            link("version \(current)", to: .dataModel(card.id))
            " is."
          }
        }
        dt { "Deployed" }
        dd { HTML.timeWithZone(deploy.at) }
        dt { "By" }
        dd { DeployText.maker(deploy) }
        if let note = deploy.note {
          dt { "Note" }
          dd(.directionOfText) { note }
        }
        dt { "Hash" }
        dd { code { deploy.hash } }
      }
    }
  }

  private var text: HTML {
    Web.section(.class("card")) {
      div(.class("cap")) {
        h2 { "Document" }
        span(.class("hush small")) { CountText.of(document.markup.total, "line") }
      }
      document.html
      div(.class("bar")) {
        if document.first > 1 {
          link(
            "Lines before",
            to: .modelVersion(card.id, deploy.version, line: max(1, document.first - DocumentLines.most)))
        }
        if let next = document.next {
          link("Line \(next) and on", to: .modelVersion(card.id, deploy.version, line: next))
        }
      }
    }
  }
}
