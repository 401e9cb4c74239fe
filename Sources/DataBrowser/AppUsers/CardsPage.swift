import Storage
import Web
import Wire

/// Enrolment links of several users, as cards to be printed.
struct CardsPage: Page {
  struct Entry: Sendable {
    var enrolment: Enrolment
    var display: String
  }

  var card: DeploymentCard
  /// Made a moment ago for this session.
  var entries: [Entry]

  var title: String { "Enrolment cards" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("App users", .appUsers(card.id))] }
  var showsSecret: Bool { !entries.isEmpty }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Enrolment cards" } }
      if entries.isEmpty {
        div(.class("empty")) {
          strong { "There are none to show" }
          p { "Cards are shown for ten minutes after they were made, to the session that made them." }
        }
      } else {
        p(.class("notice warn")) {
          "\(Grouped.text(entries.count, "card")), shown for ten minutes, to this session alone, and never again: print "
            + "them now. Whoever has a card signs a device in."
        }
        div(.class("cards")) { for entry in entries { html(of: entry) } }
      }
    }
  }

  private func html(of entry: Entry) -> HTML {
    article(.class("card tile enrolment")) {
      h2(.directionOfText) { entry.display.isEmpty ? entry.enrolment.user.description : CutText.cut(entry.display) }
      EnrolmentHTML.code(of: entry.enrolment)
      div(.class("small")) {
        "Scan it with the device. It works once, until \(TimeText.text(entry.enrolment.expiresAt))."
      }
      code(.class("small")) { entry.enrolment.url }
    }
  }
}
