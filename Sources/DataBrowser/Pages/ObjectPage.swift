import Storage
import Web
import Wire

/// An object: its fields, and what refers to it.
package struct ObjectPage: Page {
  package struct Related: Sendable {
    package var label: String
    package var model: String
    /// The table of all of them.
    package var view: ViewText
    /// Nil where it was not counted.
    package var count: BoundedCount?
    package var links: [ObjectLink]
    package var isIndexReady: Bool
    /// The belongs-to by which they refer to the object.
    package var relationship = ""
  }

  /// A call of the API.
  package struct Example: Sendable {
    package var name: String
    package var curl: String
    package var note: String?
  }

  package var card: DeploymentCard
  package var model: String
  package var label: String
  package var link: ObjectLink
  package var updatedAt: Instant?
  /// What the last change did.
  package var way: EntryWay
  /// Who made the last change; nil where it is not known.
  package var who: String?
  package var fields: WrittenHTML
  package var hasFields: Bool
  package var related: [Related]
  package var calls: [Example]
  /// The table that one came from.
  package var from: Route
  /// Where forms lead back to; nil where this page itself is meant.
  package var back: Route?
  /// Whether the visitor may change it.
  package var isEditable = false
  /// Nil for who may not delete it.
  package var deletion: Route?
  /// Whether filters are in force there, which links of values narrow further.
  package var narrows: Bool
  package var showsSecret: Bool

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  package var title: String { "\(CutText.cut(name)) – \(label)" }
  package var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Models", .models(card.id)),
      Crumb(label, from),
    ]
  }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        div {
          h1(.directionOfText) { name }
          p(.class("hush small")) {
            if let updatedAt {
              way == .changed ? "Last changed " : "\(way.firstWord) "
              HTML.timeWithZone(updatedAt)
              if let who {
                " by "
                span(.directionOfText) { who }
              }
            }
          }
        }
        div(.class("actions")) {
          if isEditable {
            a(.class("button main"), .href(Route.edit(card.id, model: model, link.id, from: back)), .data("key", "e")) {
              "Edit"
            }
            a(.class("button"), .href(Route.new(card.id, model: model, NewObject(copy: link.id, from: back)))) {
              "Duplicate"
            }
          }
          button(.type(.button), .data("copy", link.id.description), .hidden) { "Copy id" }
          a(.class("button"), .href(Route.history(card.id, model: model, link.id))) { "History" }
          a(.class("button"), .href(Route.json(card.id, model: model, link.id))) { "JSON" }
          if let deletion { a(.class("button"), .href(deletion)) { "Delete" } }
        }
      }
      div(related.isEmpty ? .class("stack") : .class("halves wide")) {
        div(.class("stack")) {
          fieldTable
          apiCall
        }
        relatedList
      }
    }
  }

  private var fieldTable: HTML {
    Web.section(.class("card")) {
      h2 { "Fields" }
      if narrows {
        p(.class("bar hush small")) { "“Only these” and “not these” narrow the view from which you opened this page." }
      }
      if hasFields {
        Web.table(.class("fields")) {
          caption(.class("away")) { "Fields of \(name)" }
          tbody {
            tr {
              th(.scope("row")) {
                "Id"
                span(.class("type")) { code { "id" } }
              }
              td(.columns(2)) { code { link.id.description } }
            }
            HTML.written(fields)
          }
        }
      } else {
        div(.class("empty")) { p { "The model has no fields." } }
      }
    }
  }

  @HTMLBuilder
  private var relatedList: HTML {
    if !related.isEmpty {
      div(.class("stack")) { for part in related { card(of: part) } }
    }
  }

  private func card(of part: Related) -> HTML {
    Web.section(.class("card")) {
      div(.class("cap")) {
        h2 { part.label }
        span(.class("inline")) {
          if isEditable {
            let new = NewObject(relationship: part.relationship, related: link.id)
            a(.href(Route.new(card.id, model: part.model, new)), .aria("label", "New in \(part.label)")) { "new here" }
          }
          a(.href(Route.table(card.id, model: part.model, part.view)), .aria("label", "All of \(part.label)")) {
            part.count.map { $0 == .exact(0) ? "none" : "all \($0.text)" } ?? "all"
          }
        }
      }
      if !part.isIndexReady { p(.class("bar hush")) { "Its index is being built; they can be listed in a moment." } }
      if !part.links.isEmpty {
        ul(.class("rows")) {
          for object in part.links {
            li { a(.href(Route.object(card.id, model: object.model, object.id))) { object.html } }
          }
        }
      }
    }
  }

  private var apiCall: HTML {
    details {
      summary { "As API call" }
      div(.class("stack")) {
        for (number, call) in calls.enumerated() {
          h3 { call.name }
          if let note = call.note { p(.class("hush small")) { note } }
          CodeBlock(id: "curl-\(number)", text: call.curl, isWrapped: true).html
        }
        CurlText.credentials
      }
    }
  }
}
