import Storage
import Web
import Wire

/// A link with which a device signs in, as it is kept for the page that shows it.
struct Enrolment: Sendable, Equatable {
  var user: ObjectID
  var url: String
  var expiresAt: Instant

  /// Users that get one at once.
  static let most = 200

  /// Links have no spaces.
  static func written(_ all: [Enrolment]) -> String {
    all.map { "\($0.user) \($0.expiresAt.secondsSince1970) \($0.url)" }.joined(separator: "\n")
  }

  /// What cannot be read is left out.
  static func read(_ text: String) -> [Enrolment] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let user = ObjectID(String(parts[0])), let seconds = Int64(parts[1]),
        let expiresAt = Instant(secondsSince1970: seconds)
      else { return nil }
      return Enrolment(user: user, url: String(parts[2]), expiresAt: expiresAt)
    }
  }
}

/// How enrolment links are shown.
enum EnrolmentHTML {
  static func shown(_ enrolment: Enrolment) -> HTML {
    div(.class("notice warn")) {
      strong { "The enrolment link" }
      p {
        "It signs in one device, once, until "
        HTML.timeWithZone(enrolment.expiresAt)
        ". It is shown here for ten minutes, to this session alone, and never again."
      }
      code(of: enrolment)
      CodeBlock(id: "enrolment", text: enrolment.url, isWrapped: true).html
    }
  }

  @HTMLBuilder
  static func code(of enrolment: Enrolment) -> HTML {
    QRCode(enrolment.url)?.html("QR code of the enrolment link")
  }
}

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
