import DataModel
import Storage
import Web
import Wire

/// Two deploys held against each other, by what they mean and by their text.
struct ModelComparisonPage: Page {
  /// A line of the difference; `nil` numbers where the document does not have it.
  struct Line: Sendable {
    var step: LineDiff.Step
    var text: String
  }

  struct Compared: Sendable {
    var from: DeployRecord
    var to: DeployRecord
    var changes: [DataModelChange]
    var untold: Int
    /// Why it cannot be said what changes in meaning; nil where it can.
    var fault: String?
    /// Nil stands where equal lines are left out.
    var lines: [Line?]
    var isRough: Bool
    /// Lines of the difference that are not shown.
    var more: Int
  }

  var card: DeploymentCard
  var form: Form
  var compared: Compared?

  static let from = "from"
  static let to = "to"
  /// Lines of a difference that are shown.
  static let mostLines = 3000

  var title: String { compared.map { "Versions \($0.from.version) and \($0.to.version)" } ?? "Compare data models" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Data model", .dataModel(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { title } }
      form.summary
      Web.section(.class("card")) {
        h2 { "Versions" }
        Web.form(.class("stack"), .method(.get), .action(Route.modelComparison(card.id))) {
          form.inputs
          div(.class("actions")) { button(.type(.submit), .class("main")) { "Compare" } }
        }
      }
      if let compared {
        meaning(compared)
        text(compared)
      }
    }
  }

  private func meaning(_ compared: Compared) -> HTML {
    Web.section(.class("card")) {
      h2 { "By meaning, from version \(compared.from.version) to \(compared.to.version)" }
      if let fault = compared.fault {
        p { fault }
      } else {
        ChangeList(changes: compared.changes, untold: compared.untold).html
      }
    }
  }

  private func text(_ compared: Compared) -> HTML {
    Web.section(.class("card")) {
      h2 { "By text" }
      if compared.isRough {
        p {
          "The documents differ too much to be held against each other line by line: one part is shown as removed and added."
        }
      }
      if compared.lines.allSatisfy({ $0?.step.isSame ?? true }) {
        div(.class("empty")) { p { "The documents have the same lines." } }
      } else {
        div(.class("region free"), .role("region"), .aria("label", "Difference"), .tabIndex(0)) {
          Web.table(.class("difference")) {
            caption(.class("away")) { "Lines that differ" }
            thead {
              tr {
                for head in ["Line in \(compared.from.version)", "Line in \(compared.to.version)", "Change", "Text"] {
                  th(.scope("col")) { span(.class("small")) { head } }
                }
              }
            }
            tbody { for line in compared.lines { if let line { row(line) } else { gap } } }
          }
        }
      }
      if compared.more > 0 { p { "\(Grouped.text(compared.more, "line")) more are not shown." } }
    }
  }

  private var gap: HTML { tr { td(.columns(4)) { span(.class("hush")) { "…" } } } }

  private func row(_ line: Line) -> HTML {
    switch line.step {
    case .same(let old, let new): return row(.none, (old, new), "", line.text)
    case .removed(let old): return row(.class("removed"), (old, nil), "−", line.text)
    case .added(let new): return row(.class("added"), (nil, new), "+", line.text)
    }
  }

  private func row(_ attribute: Attribute, _ indexes: (old: Int?, new: Int?), _ sign: String, _ text: String) -> HTML {
    tr(attribute) {
      td(.class("number")) { if let old = indexes.old { HTML.number(old + 1) } }
      td(.class("number")) { if let new = indexes.new { HTML.number(new + 1) } }
      td {
        if !sign.isEmpty {
          span(.aria("hidden", "true")) { sign }
          span(.class("away")) { sign == "+" ? "added" : "removed" }
        }
      }
      td { text }
    }
  }
}
