import DataModel
import Storage
import Web
import Wire

/// The data model in force, and the deploys before it.
struct DataModelPage: Page {
  struct Line: Sendable {
    var label: String
    var name: String
    var isSensitive: Bool
    var fields: [Part]
    var relationships: [Part]
    var indexes: [AboutPage.Index]
  }

  struct Part: Sendable {
    var name: String
    var type: String
  }

  var card: DeploymentCard
  /// The one in force first, or those below the version that was asked for.
  var deploys: [DeployRecord]
  var current: Int
  /// Below which the earlier ones go on; nil where there are none.
  var next: Int?
  var models: [Line]
  var document: DocumentLines
  var warnings: Int

  /// Deploys on one page.
  static let mostDeploys = 50
  /// Fields and the like of all models that are listed; with more the model's own page has them.
  static let mostParts = 3000

  var title: String { "Data model" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "Data model" }
        div(.class("actions")) {
          a(.class("button"), .href(Route.modelCheck(card.id))) { "Check or deploy another" }
          a(.class("button quiet"), .href(Route.modelComparison(card.id))) { "Compare two versions" }
          a(.class("button quiet"), .href(Route.modelVersion(card.id, current, asFile: true))) { "Download" }
        }
      }
      if warnings > 0 {
        p(.class("hush")) { "The document has \(CountText.of(warnings, "warning")), which stand at their lines below." }
      }
      history
      modelList
      Web.section(.class("card")) {
        div(.class("cap")) {
          h2 { "Document of version \(current)" }
          span(.class("hush small")) { CountText.of(document.markup.total, "line") }
        }
        document.html
        if let next = document.next {
          p { link("Line \(next) and on", to: .modelVersion(card.id, current, line: next)) }
        }
      }
    }
  }

  // MARK: Deploys.

  private var history: HTML {
    Web.section(.class("card")) {
      h2 { "Deploys" }
      div(.class("region free"), .role("region"), .aria("label", "Deploys"), .tabIndex(0)) {
        Web.table(.class("stacked")) {
          caption(.class("away")) { "Deploys, the latest first" }
          thead {
            tr {
              for head in ["Version", "Deployed (UTC)", "By", "Note", "Compared"] { th(.scope("col")) { head } }
            }
          }
          tbody { for deploy in deploys { row(deploy) } }
        }
      }
      if let next { p { link("Earlier deploys", to: .dataModel(card.id, before: next)) } }
    }
  }

  private func row(_ deploy: DeployRecord) -> HTML {
    tr {
      th(.scope("row")) {
        link("Version \(deploy.version)", to: .modelVersion(card.id, deploy.version))
        if deploy.version == current {
          " "
          span(.class("tag good")) { "in force" }
        }
      }
      td(.head("Deployed (UTC)")) { HTML.time(deploy.at) }
      td(.head("By")) { DeployText.maker(deploy) }
      td(.head("Note")) { if let note = deploy.note { span(.directionOfText) { note } } }
      td(.head("Compared")) {
        if deploy.version != current {
          link("What changed since", to: .modelComparison(card.id, from: deploy.version, to: current))
        }
      }
    }
  }

  // MARK: Models.

  private var modelList: HTML {
    let parts = models.reduce(0) { $0 + $1.fields.count + $1.relationships.count + $1.indexes.count }
    return Web.section(.class("card")) {
      h2 { "Models" }
      div(.class("region free"), .role("region"), .aria("label", "Models"), .tabIndex(0)) {
        Web.table(.class("stacked")) {
          caption(.class("away")) { "Models of the data model" }
          thead { tr { for head in ["Model", "Fields", "Relationships", "Indexes"] { th(.scope("col")) { head } } } }
          tbody { for model in models { row(model, isWhole: parts <= Self.mostParts) } }
        }
      }
    }
  }

  private func row(_ model: Line, isWhole: Bool) -> HTML {
    tr {
      th(.scope("row")) {
        link(model.label, to: .about(card.id, model: model.name))
        " "
        code { model.name }
        if model.isSensitive { span(.class("tag warn")) { "sensitive" } }
      }
      td(.head("Fields")) { list(model.fields, "field", isWhole) }
      td(.head("Relationships")) { list(model.relationships, "relationship", isWhole) }
      td(.head("Indexes")) {
        if isWhole {
          ul(.class("plain")) { for index in model.indexes { li { line(index) } } }
        } else {
          model.indexes.count == 1 ? "1 index" : "\(model.indexes.count) indexes"
        }
      }
    }
  }

  @HTMLBuilder
  private func list(_ parts: [Part], _ word: String, _ isWhole: Bool) -> HTML {
    if !isWhole {
      CountText.of(parts.count, word)
    } else if !parts.isEmpty {
      details {
        summary { CountText.of(parts.count, word) }
        ul(.class("plain")) {
          for part in parts {
            li {
              code { part.name }
              span(.class("hush")) { " \(part.type)" }
            }
          }
        }
      }
    }
  }

  private func line(_ index: AboutPage.Index) -> HTML {
    fragment {
      code { index.keys }
      span(.class("hush small")) {
        " \(index.kind), \(index.isReady ? "ready" : "being built")"
          + (index.queries.map { ", used \(Grouped.text($0, "time"))" } ?? "")
      }
    }
  }
}

/// Who deployed, for pages.
enum DeployText {
  @HTMLBuilder
  static func maker(_ deploy: DeployRecord) -> HTML {
    if let name = deploy.by?.name ?? deploy.by?.email {
      span(.directionOfText) { name }
    } else {
      span(.class("hush")) { "not known: a command on the server" }
    }
  }
}
