import Web
import Wire

/// The fields of an object after a change, as a table; beside those before it where these are known.
struct StateDifference {
  let state: ShownState
  /// Labels by position.
  let fields: [String]

  /// All that has a value.
  func whole(most: Int = .max) -> HTML { table(over: nil, fields.indices.filter { !state.isEmpty(at: $0) }, most) }

  /// What differs.
  func since(_ before: ShownState, most: Int = .max) -> HTML {
    table(over: before, fields.indices.filter { state.differs(from: before, at: $0) }, most)
  }

  private func table(over before: ShownState?, _ positions: [Int], _ most: Int) -> HTML {
    if positions.isEmpty {
      return p(.class("inside hush")) {
        before == nil
          ? "No field had a value."
          : "No field that the data model shows has changed: perhaps the bytes of a file came."
      }
    }
    return fragment {
      div(.class("region free"), .role("region"), .aria("label", "Fields at \(state.sequence)"), .tabIndex(0)) {
        Web.table {
          caption(.class("away")) { "Fields at \(state.sequence)" }
          thead {
            tr {
              for head in before == nil ? ["Field", "Value"] : ["Field", "Before", "After"] {
                th(.scope("col")) { head }
              }
            }
          }
          tbody { for position in positions.prefix(most) { row(position, before) } }
        }
      }
      if positions.count > most {
        p(.class("inside hush small")) { "and \(Grouped.text(positions.count - most, "more field"))" }
      }
    }
  }

  private func row(_ position: Int, _ before: ShownState?) -> HTML {
    tr {
      th(.scope("row")) { fields[position] }
      if let before { td { before.values[position].cell } }
      td { state.values[position].cell }
    }
  }
}
