import People
import Storage
import Web
import Wire

/// Somebody as the pages of people show them, with what the visitor may do about them.
struct PersonEntry: Sendable {
  var person: PersonRecord
  /// Sessions that the visitor can end; nil where they are not the visitor's to end.
  var sessions: Int?
  /// Why the visitor cannot make a link to reset; nil where that can be.
  var resetProblem: String?
  var tickets: Tickets
  /// What was wrong with a form about this person.
  var fault: String?

  /// One for each form about a person: each is done once.
  struct Tickets: Sendable {
    var rights: String
    var sessions: String
    var reset: String
    var leave: String

    init(_ draw: () -> String) {
      rights = draw()
      sessions = draw()
      reset = draw()
      leave = draw()
    }
  }
}

extension PersonEntry {
  private var about: [(name: String, value: String)] { [(PeopleAct.person, person.id.text)] }

  func form(_ act: PeopleAct, _ route: Route, _ ticket: String, before: String? = nil) -> ActForm {
    ActForm(
      route: route, ticket: ticket, act: act, about: about + (before.map { [(PeopleAct.before, $0)] } ?? []))
  }

  /// Name, address and what is known of them; `rights` are the lines about these.
  func card(id: String, @HTMLBuilder rights: () -> HTML, @HTMLBuilder acts: () -> HTML) -> HTML {
    article(.class("card tile"), .id(id)) {
      h2 { span(.directionOfText) { person.name } }
      if let fault { div(.class("wrong")) { fault } }
      dl(.class("facts")) {
        dt { "E-mail address" }
        dd { person.email }
        rights()
        dt { "Second factor" }
        dd { person.factor == nil ? "none" : "set up" }
        dt { "Last seen" }
        dd { person.lastSeenAt.map { HTML.timeWithZone($0) } ?? .text("never") }
      }
      acts()
    }
  }

  /// Ending sessions, and a link to reset.
  @HTMLBuilder
  func commonActs(_ route: Route) -> HTML {
    if let sessions, sessions > 0 {
      Folded.html("Sessions (\(sessions))") {
        p { "Wherever they are signed in now, they must sign in again." }
        form(.sessions, route, tickets.sessions).html("End all sessions")
      }
    }
    Folded.html("Lost password or factor") {
      if let resetProblem { p { resetProblem } } else { reset(route) }
    }
  }

  /// What can be lost, as the link names it. Who has no factor can lose the password alone.
  private var losses: [(kind: LinkRecord.Kind, label: String)] {
    let password = [(LinkRecord.Kind.resetPassword, "The password")]
    return person.factor == nil
      ? password : password + [(.resetFactor, "The second factor"), (.resetBoth, "Both")]
  }

  @HTMLBuilder
  private func reset(_ route: Route) -> HTML {
    p {
      "A link is shown to you once, to be handed over. Through it they renew what they have lost, within a day, and all "
        + "their sessions end. What it does not renew they must still prove."
    }
    form(.reset, route, tickets.reset).html("Make the link") {
      fieldset {
        legend { "What is lost" }
        for (index, loss) in losses.enumerated() {
          label(.class("choice")) {
            input(.type(.radio), .name(PeopleAct.lost), .value(loss.kind.rawValue), .checked(index == 0))
            loss.label
          }
        }
      }
    }
  }
}

/// What is shown once its line is opened.
enum Folded {
  static func html(_ line: String, isOpen: Bool = false, @HTMLBuilder content: () -> HTML) -> HTML {
    details(.open(isOpen)) {
      summary { line }
      div(.class("stack")) { content() }
    }
  }
}

/// Boxes to tick outside of a `Form`, whose ids stand on a page once.
enum Box {
  static func html(_ name: String, _ text: String, isTicked: Bool) -> HTML {
    label(.class("choice")) {
      input(.type(.checkbox), .name(name), .value("true"), .checked(isTicked))
      text
    }
  }
}
