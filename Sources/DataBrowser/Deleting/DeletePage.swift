import Storage
import Web
import Wire

/// Asks whether an object is to be deleted: what refers to it, and what becomes of that.
package struct DeletePage: Page {
  package var card: DeploymentCard
  package var label: String
  package var link: ObjectLink
  package var referrers: [Referrers]
  /// Of all of them; nil where they were not counted.
  package var count: Int?
  package var moment: Int64
  /// Where its form goes, and where one goes back to.
  package var route: Route
  package var back: Route
  package var ticket: String
  /// Whether the object is an app user, whose devices are wiped.
  package var isUser: Bool
  /// Why it was not done.
  package var fault: String?

  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }
  /// What must be typed for an app user.
  static func word(of link: ObjectLink) -> String { words(link.display).nonEmpty ?? link.id.description }

  /// Blanks are typed as they are seen.
  static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  package var title: String { "\(fault == nil ? "" : "Error: ")Delete \(CutText.cut(name)) – \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] {
    [Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none))]
  }

  private var canClear: Bool { count.map { $0 > 0 && $0 <= Deletion.mostCleared } ?? false }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1(.directionOfText) { "Delete \(name)?" } }
      if let fault { Form.summary(of: fault, at: Form.id(DeleteForm.confirm)) }
      Web.section(.class("card"), .aria("label", "What refers to it")) {
        div(.class("inside stack")) { consequences }
      }
      form(.class("stack"), .method(.post), .action(route)) {
        input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
        input(.type(.hidden), .name(DeleteForm.moment), .value("\(moment)"))
        if let count { input(.type(.hidden), .name(DeleteForm.count), .value("\(count)")) }
        input(.type(.hidden), .name(DeleteForm.from), .value(back.address.text))
        questions
        div(.class("actions")) {
          button(.type(.submit), .class("main"), .id(isUser ? "delete" : Form.id(DeleteForm.confirm))) {
            "Delete \(CutText.cut(name))"
          }
          a(.class("button"), .href(back)) { "Cancel" }
        }
      }
    }
  }

  @HTMLBuilder
  private var consequences: HTML {
    if isUser { p { strong { "This is an app user: every device of theirs will be wiped." } } }
    if referrers.allSatisfy({ $0.count == .exact(0) }) {
      p { "Nothing refers to it." }
    } else {
      p { "These refer to it. Their ids will lead nowhere once it is deleted." }
      ul(.class("rows")) {
        for one in referrers where one.count != .exact(0) {
          li {
            a(.href(Route.table(card.id, model: one.model, one.view)), .inNewTab) { "\(one.label): \(one.count.text)" }
          }
        }
      }
      if !canClear {
        p(.class("hush small")) {
          "They cannot be cleared together with it: \(reason) Clear them first, where that matters."
        }
      }
    }
  }

  private var reason: String {
    count == nil
      ? "there was no time to count them." : "at most \(Deletion.mostCleared) objects can be changed with it."
  }

  @HTMLBuilder
  private var questions: HTML {
    if canClear, let count {
      Web.label(.class("choice")) {
        input(.type(.checkbox), .name(DeleteForm.clears), .value("true"))
        "Clear its id in \(count == 1 ? "the object that refers" : "all \(count) places that refer") to it, or delete nothing"
      }
    }
    if isUser {
      div(.class("field")) {
        Web.label(.for(Form.id(DeleteForm.confirm))) { "Type “\(Self.word(of: link))” to go on" }
        input(
          .id(Form.id(DeleteForm.confirm)), .name(DeleteForm.confirm), .type(.text), .autocomplete("off"),
          .spellcheck(false), .when(fault != nil, .aria("invalid", "true")))
      }
    }
  }
}
