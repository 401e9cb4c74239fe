import Storage
import Web
import Wire

/// One change: of which object, when, who, and each field before and after.
struct ChangeCard {
  let card: DeploymentCard
  let entry: ChangeEntry
  /// All changes of an origin.
  let ofWho: (String) -> Route

  private var state: ShownState { entry.state }
  private var start: String { "\(state.sequence + 1)" }

  var html: HTML {
    Web.section(.class("card"), .id("e\(state.sequence)")) {
      div(.class("cap")) {
        h2 {
          a(.href(object), .directionOfText) {
            ObjectLink(model: entry.model, id: state.id, display: state.display).html
          }
          " \(state.way.word)"
        }
        span(.class("hush small")) { entry.label }
      }
      p(.class("inside hush small")) {
        HTML.timeWithZone(state.time)
        if let who = state.who, let origin = state.origin {
          " by "
          a(.href(ofWho(origin.text)), .directionOfText) { who }
        }
        " · sequence \(state.sequence) · "
        a(.href(Route.history(card.id, model: entry.model, state.id))) { "history" }
      }
      content
      div(.class("bar hush small")) {
        span {
          "To go on after it: "
          code { "start=\(start)" }
        }
        button(
          .type(.button), .class("small copy"), .data("copy", start), .aria("label", "Copy the start \(start)"), .hidden
        ) { "Copy" }
      }
    }
  }

  /// Of one that is gone its history has the last state.
  private var object: Route {
    entry.isThere
      ? .object(card.id, model: entry.model, state.id) : .history(card.id, model: entry.model, state.id)
  }

  @HTMLBuilder
  private var content: HTML {
    let difference = StateDifference(state: state, fields: entry.fields)
    switch (state.operation, entry.before) {
    case (.delete, _), (.create, _): difference.whole(most: Self.mostFields)
    case (.update, .state(let before)): difference.since(before, most: Self.mostFields)
    case (.update, .linking):
      p(.class("inside")) { "Earlier entries are being linked. Until then this is all that it had afterwards." }
      difference.whole(most: Self.mostFields)
    case (.update, _):
      p(.class("inside")) {
        "What was there before is not kept any more, so that this is all that it had afterwards."
      }
      difference.whole(most: Self.mostFields)
    }
  }

  /// Of one change; its history has all.
  private static let mostFields = 40
}
