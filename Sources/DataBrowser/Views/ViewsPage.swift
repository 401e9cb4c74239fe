import Storage
import Web
import Wire

/// The views of a deployment that are there for a person, by model.
struct ViewsPage: Page {
  struct Entry: Sendable {
    var view: NamedView
    /// Whose it is; nil where it is the reader's own.
    var owner: String?
    /// Whether it opens with its model for the reader, and for everybody.
    var opensForOne = false
    var opensForAll = false

    init(_ view: NamedView) { self.view = view }
  }

  struct Group: Sendable {
    /// Nil for models that are not declared any more.
    var model: Frame.ModelCard?
    var entries: [Entry]
  }

  var card: DeploymentCard
  var groups: [Group]

  var title: String { "Views" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Views" } }
      if groups.isEmpty {
        div(.class("card")) {
          div(.class("empty")) {
            strong { "No view is kept yet" }
            p { "Filter or sort a table, then keep what it shows by its button “Keep”." }
            link("All models", to: .models(card.id))
          }
        }
      }
      for group in groups { drawing(of: group) }
    }
  }

  private func drawing(of group: Group) -> HTML {
    section(.class("card")) {
      div(.class("cap")) {
        h2 { group.model?.label ?? "Models that are gone" }
        if let model = group.model { a(.href(ViewLinks.allObjects(card.id, model.name))) { "All objects" } }
      }
      if group.model == nil {
        p(.class("bar hush small")) { "The data model does not have them any more. These views open again if it does." }
      }
      ul(.class("rows")) { for entry in group.entries { li { line(entry, opens: group.model != nil) } } }
    }
  }

  private func line(_ entry: Entry, opens: Bool) -> HTML {
    fragment {
      div {
        div(.class("inline")) {
          if opens {
            a(.href(Route.view(card.id, entry.view.number, .none)), .directionOfText) { entry.view.name }
          } else {
            span(.directionOfText) { entry.view.name }
            code(.class("hush small")) { entry.view.model }
          }
          span(.class("tag")) { entry.view.isShared ? "shared" : "private" }
          if entry.opensForOne { span(.class("tag")) { "opens for you" } }
          if entry.opensForAll { span(.class("tag")) { "opens for everybody" } }
        }
        if !entry.view.note.isEmpty { div(.class("hush small"), .directionOfText) { entry.view.note } }
        if let owner = entry.owner { div(.class("hush small"), .directionOfText) { "by \(owner)" } }
      }
      a(.href(Route.editView(card.id, entry.view.number)), .aria("label", "Change \(entry.view.name)")) { "Change" }
    }
  }
}
