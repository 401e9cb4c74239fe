import Storage
import Web
import Wire

/// One's own account: who one is, and what can be changed.
struct AccountPage: Page {
  var person: PersonRecord
  var sessions: Int
  var needsFactor: Bool
  /// When password or factor was reset, where that is to be told; nil else.
  var reset: String?
  /// Of the form for the look.
  var ticket: String

  var title: String { "Your account" }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Your account" } }
      if let reset {
        div(.class("notice warn"), .role("status")) {
          strong { "Your password or second factor was renewed" }
          p {
            "It was done through a link, at \(reset), and all your sessions ended. If it was not you, tell whoever runs "
              + "the server at once."
          }
        }
      }
      if needsFactor {
        div(.class("notice warn")) {
          strong { "Set up a second factor" }
          p { "You must have one to use the other pages." }
          div(.class("actions")) { a(.class("button main"), .href(Route.factor)) { "Set it up" } }
        }
      }
      section(.class("card")) {
        dl(.class("facts inside")) {
          dt { "Name" }
          dd { person.name }
          dt { "E-mail address" }
          dd { person.email }
          dt { "Rights" }
          dd { rights }
        }
      }
      section(.class("card")) {
        h2 { "Signing in" }
        ul(.class("rows")) {
          li { link("Change the password", to: .password) }
          li { link(person.factor == nil ? "Set up a second factor" : "Change the second factor", to: .factor) }
          if person.factor != nil {
            li { link("Recovery codes (\(person.recoveryHashes.count) left)", to: .recovery) }
          }
          li { link("Sessions (\(sessions))", to: .sessions) }
        }
      }
      look
    }
  }

  private var rights: String {
    let grants = person.grants.map {
      "\($0.roles.sorted().map(\.rawValue).joined(separator: ", ")) of \($0.deployment)"
    }
    let all = (person.isOperator ? ["operator of the server"] : []) + grants
    return all.isEmpty ? "none yet" : all.joined(separator: "; ")
  }

  private var look: HTML {
    section(.class("card")) {
      h2 { "Look" }
      form(.class("stack"), .method(.post), .action(Route.look)) {
        input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
        fieldset {
          legend { "Colours" }
          for look in PersonRecord.Manner.Look.allCases {
            label(.class("choice")) {
              input(.type(.radio), .name("look"), .value(look.rawValue), .checked(person.manner.look == look))
              Self.name(of: look)
            }
          }
        }
        label(.class("choice")) {
          input(.type(.checkbox), .name("shortcuts"), .value("on"), .checked(person.manner.hasShortcuts))
          "Single letters are shortcuts"
        }
        div(.class("actions")) { button(.type(.submit)) { "Keep this look" } }
      }
    }
  }

  private static func name(of look: PersonRecord.Manner.Look) -> String {
    switch look {
    case .system: "As the system has it"
    case .light: "Light"
    case .dark: "Dark"
    }
  }
}

/// Where one is signed in.
struct SessionsPage: Page {
  var sessions: [SessionRecord]
  /// The one of this visit.
  var own: SessionID
  var ticket: String

  var title: String { "Sessions" }
  var trail: [Crumb] { [Crumb("Your account", .account)] }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Sessions" } }
      for session in sessions {
        article(.class("card tile")) {
          h2 { session.agent.isEmpty ? "A browser that says nothing of itself" : session.agent }
          dl(.class("facts")) {
            dt { "Address" }
            dd { session.address }
            dt { "Signed in" }
            dd { HTML.timeWithZone(session.startedAt) }
            dt { "Last used" }
            dd { HTML.timeWithZone(session.lastUseAt) }
          }
          if session.id == own { p { strong { "This is the session that you use now." } } } else { end(session) }
        }
      }
    }
  }

  private func end(_ session: SessionRecord) -> HTML {
    form(.method(.post), .action(Route.sessions)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      input(.type(.hidden), .name("session"), .value(session.id.text))
      button(.type(.submit)) { "End this session" }
    }
  }
}

/// Another password.
struct PasswordPage: Page {
  /// Whose it is.
  var email: String
  var form = Form([AccountQuestion.newPassword])
  var ticket: String

  var title: String { form.isGood ? "Change the password" : "Error: Change the password" }
  var trail: [Crumb] { [Crumb("Your account", .account)] }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Change the password" } }
      form.summary
      section(.class("card")) {
        p { "All your other sessions end." }
        form.html(to: Route.password.address, ticket: ticket, userName: email, submit: "Change the password")
      }
    }
  }
}
