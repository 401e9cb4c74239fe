import People
import Web

/// Setting up an authenticator: its secret, and a code that proves that it was taken.
struct FactorPage: Page {
  /// Nil until one was drawn for this session.
  var secret: String?
  /// The secret as apps read it out of a link.
  var address: String = ""
  var hasFactor: Bool
  var mayRemove: Bool
  var ticket: String
  var form = Self.emptyForm

  static var emptyForm: Form {
    Form([FormField("act", "", .hidden), AccountQuestion.code], values: ["act": Act.confirm.rawValue])
  }

  /// What the buttons ask for.
  enum Act: String { case begin, confirm, remove }

  var title: String { form.isGood ? "Second factor" : "Error: Second factor" }
  var trail: [Crumb] { [Crumb("Your account", .account)] }
  var isNarrow: Bool { true }
  var showsSecret: Bool { secret != nil }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Second factor" } }
      form.summary
      if let secret { confirm(secret) } else { begin }
    }
  }

  private var begin: HTML {
    section(.class("card")) {
      p {
        hasFactor
          ? "You have one. Another one takes its place once you have typed a code of it."
          : "An app on your phone shows another code every 30 seconds. You type it when you sign in."
      }
      Web.form(.class("stack"), .method(.post), .action(Route.factor)) {
        input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
        div(.class("actions")) {
          act(.begin, hasFactor ? "Set up another one" : "Set it up", isMain: true)
          if mayRemove { act(.remove, "Remove it", isMain: false) }
        }
      }
    }
  }

  private func act(_ act: Act, _ text: String, isMain: Bool) -> HTML {
    button(.type(.submit), .name("act"), .value(act.rawValue), .when(isMain, .class("main"))) { text }
  }

  private func confirm(_ secret: String) -> HTML {
    section(.class("card")) {
      ol {
        li { "In your authenticator app, add an account by hand, with this secret:" }
        li { "Type the code that the app shows then." }
      }
      div(.class("code")) { pre { code { Self.grouped(secret) } } }
      p(.class("hush small")) {
        "For apps that take a link: "
        code { address }
      }
      form.html(to: Route.factor.address, ticket: ticket, submit: "Take it")
    }
  }

  /// In fours, to be read and typed.
  private static func grouped(_ secret: String) -> String {
    var text = ""
    for (index, character) in secret.enumerated() {
      if index > 0, index % 4 == 0 { text += " " }
      text.append(character)
    }
    return text
  }
}

/// Recovery codes: shown once, and how many are left.
struct RecoveryPage: Page {
  /// Those that were drawn a moment ago for this session.
  var codes: [String]
  var left: Int
  var ticket: String

  var title: String { "Recovery codes" }
  var trail: [Crumb] { [Crumb("Your account", .account)] }
  var isNarrow: Bool { true }
  var showsSecret: Bool { !codes.isEmpty }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Recovery codes" } }
      if !codes.isEmpty {
        div(.class("notice warn")) {
          strong { "Write these down now" }
          p {
            "Each signs you in once without your authenticator. They are shown here for ten minutes, and never again."
          }
        }
        section(.class("card")) { ul(.class("rows")) { for text in codes { li { code { text } } } } }
      }
      section(.class("card")) {
        p { "\(left) of \(RecoveryCodes.count) codes are left. New ones end those of before." }
        form(.method(.post), .action(Route.recovery)) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          button(.type(.submit)) { "Make new codes" }
        }
      }
    }
  }
}
