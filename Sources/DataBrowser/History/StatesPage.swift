import Storage
import Web
import Wire

/// Two states of an object side by side, all fields, with those that differ marked by a word.
struct StatesPage: Page {
  var card: DeploymentCard
  var label: String
  var link: ObjectLink
  /// Labels by position.
  var fields: [String]
  /// The earlier and the later one.
  var states: [ShownState]

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }

  var title: String { "Two states of \(CutText.cut(name)) – \(label)" }

  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none)),
      Crumb("History of \(CutText.cut(name))", .history(card.id, model: link.model, link.id)),
    ]
  }

  private var differing: Int { fields.indices.count { states[0].differs(from: states[1], at: $0) } }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        div {
          h1(.directionOfText) { "Two states of \(name)" }
          p(.class("hush small")) { "\(CountText.of(differing, "field")) differ\(differing == 1 ? "s" : "")." }
        }
      }
      div(.class("card")) {
        div(.class("region free"), .role("region"), .aria("label", "Two states"), .tabIndex(0)) {
          Web.table {
            caption(.class("away")) { "Two states of \(name)" }
            thead {
              tr {
                th(.scope("col")) { "Field" }
                for state in states { th(.scope("col")) { head(of: state) } }
                th(.scope("col")) { "Difference" }
              }
            }
            tbody { for position in fields.indices { row(position) } }
          }
        }
      }
    }
  }

  private func head(of state: ShownState) -> HTML {
    fragment {
      "\(state.way.word) "
      HTML.timeWithZone(state.time)
      if let who = state.who {
        " by "
        span(.directionOfText) { who }
      }
    }
  }

  private func row(_ position: Int) -> HTML {
    tr {
      th(.scope("row")) { fields[position] }
      for state in states { td { state.values[position].cell } }
      td { if states[0].differs(from: states[1], at: position) { span(.class("tag")) { "differs" } } }
    }
  }
}
