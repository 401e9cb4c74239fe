import Web
import Wire

/// A deployment: what is wrong first, then what there is and what happened last.
package struct OverviewPage: Page {
  package struct Change: Sendable {
    package var time: Instant
    package var model: String
    package var modelLabel: String
    package var id: ObjectID
    /// Nil for an object that is no more.
    package var display: String?
    /// `created`, `changed`, `deleted`.
    package var operation: String
    /// Nil where it is not known.
    package var who: String?
  }

  package var card: DeploymentCard
  package var baseURL: String
  package var troubles: [Trouble]
  package var models: [Frame.ModelCard]
  /// Models beyond those that are shown.
  package var furtherModels: Int
  package var changes: [Change]

  package var title: String { "Overview" }

  private var isEmpty: Bool { changes.isEmpty && models.allSatisfy { $0.count == 0 } }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { card.label } }
      if !troubles.isEmpty {
        div(.class("notice warn")) {
          strong { "Needs attention" }
          ul {
            for trouble in troubles {
              li {
                trouble.what
                if let way = trouble.way {
                  " "
                  link(way.text, to: way.route)
                }
                span(.class("hush small")) { " \(trouble.advice)" }
              }
            }
          }
        }
      }
      if isEmpty { firstSteps }
      div(.class("halves late")) {
        modelList
        div(.class("stack")) {
          changeList
          address
        }
      }
    }
  }

  private var firstSteps: HTML {
    section(.class("card")) {
      h2 { "Three steps to begin" }
      div(.class("inside")) {
        ol(.class("steps")) {
          step(
            "Deploy a data model",
            "sojourn data-model deploy --data-dir DIR --deployment \(card.id) schema.xml", number: 1,
            page: ("Check and deploy one here", .modelCheck(card.id)))
          step(
            "Import what there is", "sojourn import --url \(baseURL) --model MODEL objects.csv", number: 2)
          step("Connect a client", "curl -u \"\(card.id):$SOJOURN_PASSWORD\" \(baseURL)/objects/MODEL.json", number: 3)
        }
      }
    }
  }

  private func step(
    _ name: String, _ command: String, number: Int, page: (text: String, route: Route)? = nil
  ) -> HTML {
    li {
      div(.class("stack")) {
        strong { name }
        if let page { p { link(page.text, to: page.route) } }
        CodeBlock(id: "step-\(number)", text: command, isWrapped: true).html
      }
    }
  }

  private var modelList: HTML {
    section(.class("card")) {
      div(.class("cap")) {
        h2 { "Models" }
        link("All models", to: .models(card.id))
      }
      if models.isEmpty {
        div(.class("empty")) { p { "The data model has no models yet." } }
      } else {
        ul(.class("rows")) { for model in models { ModelLine(deployment: card.id, model: model).html } }
        if furtherModels > 0 { p(.class("bar hush")) { "and \(Grouped.text(furtherModels, "more model"))" } }
      }
    }
  }

  private var changeList: HTML {
    section(.class("card")) {
      div(.class("cap")) {
        h2 { "Last changes" }
        link("All changes", to: .changes(card.id))
      }
      if changes.isEmpty {
        div(.class("empty")) { p { "Nothing has changed yet." } }
      } else {
        ul(.class("rows changes")) { for change in changes { line(of: change) } }
      }
    }
  }

  private func line(of change: Change) -> HTML {
    li {
      span {
        if let display = change.display {
          a(.href(Route.object(card.id, model: change.model, change.id))) {
            ObjectLink(model: change.model, id: change.id, display: display).html
          }
        } else {
          code { change.id.description }
        }
        span(.class("hush small")) { " \(change.modelLabel)" }
      }
      span(.class("hush small")) {
        "\(change.operation) · "
        if let who = change.who {
          span(.directionOfText) { who }
          " · "
        }
        HTML.timeWithZone(change.time)
      }
    }
  }

  private var address: HTML {
    section(.class("card")) {
      h2 { "Base URL of the API" }
      div(.class("inside stack")) {
        CodeBlock(id: "base-url", text: baseURL, isWrapped: true).html
        p(.class("hush small")) {
          "The user name is "
          code { card.id }
          ". "
          if let address = WebAddress("\(baseURL)/docs") {
            a(.href(address), .rel("noopener"), .inNewTab) { "How to call it" }
          }
        }
      }
    }
  }
}

/// A model in a list of models.
struct ModelLine {
  let deployment: String
  let model: Frame.ModelCard

  var html: HTML {
    li {
      span {
        a(.href(Route.table(deployment, model: model.name, .none))) { model.label }
        if model.label != model.name { span(.class("hush small")) { " \(model.name)" } }
      }
      span(.class("hush")) { model.count.map { Grouped.text($0, "object") } ?? "" }
    }
  }
}

/// Text to be copied.
struct CodeBlock {
  let id: String
  let text: String
  var isWrapped = false

  var html: HTML {
    div(.class("code")) {
      pre(.id(id), isWrapped ? .class("wrapped") : .class("long"), .when(!isWrapped, .tabIndex(0))) { code { text } }
      button(.type(.button), .class("small copy"), .data("copy-from", id), .hidden) { "Copy" }
    }
  }
}
