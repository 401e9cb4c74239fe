import Storage
import Web
import Wire

/// Objects of a model that were deleted and are still gone, newest first.
struct DeletedPage: Page {
  var card: DeploymentCard
  var model: String
  var label: String
  var states: [ShownState]
  /// Below which the next page begins; nil where there is none.
  var next: Int64?
  var isLinking: Bool
  /// Whether deletions may be missing since the oplog was trimmed.
  var isTrimmed: Bool
  var isFirst: Bool

  var title: String { "Deleted: \(label)" }

  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Models", .models(card.id)),
      Crumb(label, .table(card.id, model: model, .none)),
    ]
  }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { title } }
      if isLinking {
        div(.class("notice")) {
          strong { "Earlier entries are being linked" }
          p { "They were written by an earlier version of the server. What was deleted is shown when it is done." }
        }
      }
      if !isFirst { p { a(.href(Route.deleted(card.id, model: model))) { "Newest deletions" } } }
      div(.class("card")) { if states.isEmpty { nothing } else { list } }
      if let next {
        p { a(.class("button"), .href(Route.deleted(card.id, model: model, before: next))) { "Earlier deletions" } }
      } else if isTrimmed {
        p(.class("hush small")) {
          "The oplog was trimmed: what was deleted before that is not told, and cannot be restored."
        }
      }
    }
  }

  private var nothing: HTML {
    div(.class("empty")) {
      strong { next == nil ? "Nothing is deleted" : "Nothing here" }
      p {
        next == nil
          ? "No object of this model was deleted, as far as the oplog reaches."
          : "What was deleted here has come again. Earlier deletions may follow."
      }
    }
  }

  private var list: HTML {
    div(.class("region free"), .role("region"), .aria("label", title), .tabIndex(0)) {
      Web.table(.class("stacked")) {
        caption(.class("away")) { title }
        thead { tr { for head in ["Object", "Id", "Deleted (UTC)", "By", "Restore"] { th(.scope("col")) { head } } } }
        tbody { for state in states { row(state) } }
      }
    }
  }

  private func row(_ state: ShownState) -> HTML {
    tr {
      th(.scope("row")) {
        a(.href(Route.history(card.id, model: model, state.id)), .directionOfText) {
          ObjectLink(model: model, id: state.id, display: state.display).html
        }
      }
      td(.head("Id"), .class("nowrap")) { code { state.id.description } }
      td(.head("Deleted (UTC)"), .class("nowrap")) { HTML.time(state.time) }
      td(.head("By"), .directionOfText) { state.who ?? "" }
      td {
        a(
          .href(Route.restore(card.id, model: model, state.id, to: state.sequence)),
          .aria("label", "Restore \(state.display.trimmed.nonEmpty ?? state.id.description)")
        ) { "Restore" }
      }
    }
  }
}
