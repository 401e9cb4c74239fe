import Web
import Wire

/// What a model has: fields, relationships, indexes, and how the API is asked for its objects.
package struct AboutPage: Page {
  package struct Field: Sendable {
    package var label: String
    package var name: String
    package var type: String
    package var meaning: Meaning
  }

  package enum Meaning: Sendable {
    /// The options of a choice, and how many there are beyond.
    case options([Option], more: Int)
    /// The model at the other end; without a way there where the visitor may not see it.
    case model(String, Route?)
  }

  package struct Option: Sendable {
    package var key: String
    package var label: String
  }

  package struct Index: Sendable {
    package var name: String
    package var keys: String
    package var kind: String
    package var isReady: Bool
    package var queries: Int?
  }

  package struct Example: Sendable {
    package var name: String
    package var curl: String
  }

  package var card: DeploymentCard
  package var model: Frame.ModelCard
  package var display: String
  package var isSensitive: Bool
  package var fields: [Field]
  package var referrers: [Field]
  package var indexes: [Index]
  package var examples: [Example]

  package var title: String { "About \(model.label)" }
  package var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Models", .models(card.id)),
      Crumb(model.label, .table(card.id, model: model.name, .none)),
    ]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "About \(model.label)" } }
      Web.section(.class("card")) {
        h2 { "Model" }
        dl(.class("inside facts")) {
          dt { "Name" }
          dd { code { model.name } }
          dt { "Objects" }
          dd { model.count.map { Grouped.text($0) } ?? "" }
          dt { "Display" }
          dd { code { display } }
          if isSensitive {
            dt { "Classification" }
            dd { span(.class("tag warn")) { "sensitive" } }
          }
        }
      }
      list("Fields and relationships", fields, empty: "The model has no fields.")
      if !referrers.isEmpty { list("Referred to by", referrers, empty: "") }
      indexList
      Web.section(.class("card")) {
        h2 { "Calls of the API" }
        div(.class("inside stack")) {
          for (number, example) in examples.enumerated() {
            h3 { example.name }
            CodeBlock(id: "example-\(number)", text: example.curl, isWrapped: true).html
          }
        }
      }
    }
  }

  private func list(_ name: String, _ fields: [Field], empty: String) -> HTML {
    Web.section(.class("card")) {
      h2 { name }
      if fields.isEmpty {
        div(.class("empty")) { p { empty } }
      } else {
        div(.class("region free"), .role("region"), .aria("label", name), .tabIndex(0)) {
          Web.table(.class("stacked")) {
            caption(.class("away")) { name }
            thead { tr { for head in ["Label", "Name", "Type", "Meaning"] { th(.scope("col")) { head } } } }
            tbody { for field in fields { row(field) } }
          }
        }
      }
    }
  }

  private func row(_ field: Field) -> HTML {
    tr {
      th(.scope("row")) { field.label }
      td(.head("Name")) { code { field.name } }
      td(.head("Type")) { field.type }
      td(.head("Meaning")) { meaning(of: field) }
    }
  }

  @HTMLBuilder
  private func meaning(of field: Field) -> HTML {
    switch field.meaning {
    case .model(let label, let route): if let route { link(label, to: route) } else { label }
    case .options(let options, let more):
      if !options.isEmpty {
        div(.class("options")) {
          for option in options {
            span(.class("option")) {
              code { option.key }
              " \(option.label)"
            }
          }
          if more > 0 { span(.class("hush")) { "and \(more) more" } }
        }
      }
    }
  }

  private var indexList: HTML {
    Web.section(.class("card")) {
      h2 { "Indexes" }
      div(.class("region free"), .role("region"), .aria("label", "Indexes"), .tabIndex(0)) {
        Web.table {
          caption(.class("away")) { "Indexes of \(model.label)" }
          thead {
            tr {
              for head in ["Keys", "Kind", "State"] { th(.scope("col")) { head } }
              th(.scope("col"), .class("number")) { "Queries served" }
            }
          }
          tbody {
            for index in indexes {
              tr {
                th(.scope("row")) { code { index.keys } }
                td { index.kind }
                td { index.isReady ? "ready" : "being built" }
                td(.class("number")) { index.queries.map { Grouped.text($0) } ?? "not counted" }
              }
            }
          }
        }
      }
    }
  }
}
