import Storage
import Web
import Wire

/// The history of an object: its changes, newest first, each field before and after.
struct ObjectHistoryPage: Page {
  var card: DeploymentCard
  var label: String
  var link: ObjectLink
  /// Whether the object is there now.
  var isThere: Bool
  /// Whether who visits may bring states back.
  var isEditable: Bool
  /// Labels by position.
  var fields: [String]
  /// The entries, and behind them the one before the last, where there is one.
  var states: [ShownState]
  var count: Int
  var end: HistoryPage.End
  var isFirst: Bool

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }
  private var entries: ArraySlice<ShownState> { states.prefix(count) }

  var title: String { "History of \(CutText.cut(name)) – \(label)" }

  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Models", .models(card.id)),
      Crumb(label, .table(card.id, model: link.model, .none)),
    ] + (isThere ? [Crumb(CutText.cut(name), .object(card.id, model: link.model, link.id))] : [])
  }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        div {
          h1(.directionOfText) { "History of \(name)" }
          p(.class("hush small")) {
            code { link.id.description }
            if !isThere, isFirst { " – deleted" }
          }
        }
      }
      if !isFirst { p { a(.href(Route.history(card.id, model: link.model, link.id))) { "Newest changes" } } }
      if count == 0 { div(.class("card")) { div(.class("empty")) { p { "No change of it is kept." } } } }
      for index in entries.indices { drawing(of: index) }
      ending
      if count > 1 { comparing }
    }
  }

  private func drawing(of index: Int) -> HTML {
    let state = states[index]
    return Web.section(.class("card"), .id("e\(state.sequence)")) {
      div(.class("cap")) {
        h2 {
          state.way.firstWord
          " "
          HTML.timeWithZone(state.time)
          if let who = state.who {
            " by "
            span(.directionOfText) { who }
          }
        }
        span(.class("inline small")) {
          span(.class("hush")) { "Sequence \(state.sequence)" }
          // The newest is what it is.
          if isEditable, !(isThere && isFirst && index == states.startIndex) {
            a(
              .href(Route.restore(card.id, model: link.model, link.id, to: state.sequence)),
              .aria("label", "Restore \(name) as it was after it was \(state.way.word) \(state.time.description)")
            ) { "Restore" }
          }
        }
      }
      content(of: index)
    }
  }

  private func content(of index: Int) -> HTML {
    let state = states[index]
    let difference = StateDifference(state: state, fields: fields)
    switch state.operation {
    case .delete: return p(.class("inside")) { "It was as the change before this one left it." }
    case .create: return difference.whole()
    case .update:
      guard index + 1 < states.count else {
        return fragment {
          p(.class("inside")) { "What was there before is not known, so that this is all that it had afterwards." }
          difference.whole()
        }
      }
      return difference.since(states[index + 1])
    }
  }

  @HTMLBuilder
  private var ending: HTML {
    switch end {
    case .more(let before):
      p {
        a(.class("button"), .href(Route.history(card.id, model: link.model, link.id, HistoryView(before: before)))) {
          "Earlier changes"
        }
      }
    case .trimmed:
      div(.class("notice")) {
        p { "Earlier changes are not kept any more, and cannot be restored: the oplog was trimmed." }
      }
    case .linking:
      div(.class("notice")) {
        strong { "Earlier entries are being linked" }
        p { "They were written by an earlier version of the server, and are shown here when it is done." }
      }
    case .whole: HTML.nothing
    }
  }

  private var comparing: HTML {
    Web.section(.class("card")) {
      h2 { "Two states side by side" }
      form(.class("inside stack"), .method(.get), .action(Route.history(card.id, model: link.model, link.id))) {
        choice("After", HistoryView.firstKey, chosen: entries[entries.startIndex + 1].sequence)
        choice("and after", HistoryView.secondKey, chosen: entries[entries.startIndex].sequence)
        div(.class("actions")) { button(.type(.submit)) { "Show side by side" } }
      }
    }
  }

  private func choice(_ words: String, _ key: String, chosen: Int64) -> HTML {
    div(.class("field")) {
      Web.label(.for(key)) { words }
      select(.id(key), .name(key)) {
        for state in entries {
          option(.value("\(state.sequence)"), .selected(state.sequence == chosen)) {
            "\(state.way.word) \(state.time.description) \(state.who.map { "by \($0)" } ?? "")"
          }
        }
      }
    }
  }
}

extension ShownState.Value {
  /// With what was stored under another type.
  @HTMLBuilder
  var cell: HTML {
    HTML.written(html)
    if let asStored {
      span(.class("hush small"), .directionOfText) { " stored as \(asStored.type): \(asStored.text)" }
    }
  }
}
