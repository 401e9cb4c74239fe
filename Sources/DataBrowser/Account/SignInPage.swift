import Web

/// Signing in, and proving again that it is you: address, password and code in one form.
struct SignInPage: Page {
  enum Purpose: Sendable, Equatable {
    case signIn
    /// Of somebody who is signed in; with a second factor or without.
    case elevate(hasFactor: Bool)
  }

  var purpose: Purpose
  var email = ""
  /// Where it goes on.
  var to: Route?
  var problem: AccountProblem?
  /// Of the form; nil where there is nobody yet.
  var ticket: String?
  /// Whether this address can set cookies.
  var canSignIn = true

  var title: String {
    let title = purpose == .signIn ? "Sign in" : "It is you?"
    return problem == nil ? title : "Error: \(title)"
  }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { purpose == .signIn ? "Sign in" : "Show that it is you" } }
      if let problem { problem.html }
      if canSignIn { card } else { refusal }
    }
  }

  private var refusal: HTML {
    div(.class("notice bad")) {
      strong { "Nobody can sign in at this address" }
      p { "It is plain http, and not on this machine: a password would go over the network in the clear. Use https." }
    }
  }

  private var card: HTML {
    section(.class("card")) {
      if purpose != .signIn {
        p { "What you asked for needs your password again. It holds for 15 minutes." }
      }
      form(.class("stack"), .method(.post), .action(purpose == .signIn ? Route.signIn(to: nil) : .elevate(to: nil))) {
        if let ticket { input(.type(.hidden), .name(PostForm.ticket), .value(ticket)) }
        if let to { input(.type(.hidden), .name("to"), .value(to.address.text)) }
        for field in fields { field.html }
        div(.class("actions")) {
          button(.type(.submit), .class("main")) { purpose == .signIn ? "Sign in" : "Go on" }
        }
      }
    }
  }

  private var fields: [AccountField] {
    var fields: [AccountField] = []
    if purpose == .signIn {
      fields.append(AccountField(name: "email", label: "E-mail address", kind: .email, value: email))
    }
    fields.append(AccountField(name: "password", label: "Password", kind: .password))
    if purpose != .elevate(hasFactor: false) {
      fields.append(
        AccountField(
          name: "code", label: "Code", kind: .code,
          hint: purpose == .signIn
            ? "Of your authenticator, or a recovery code. Leave it empty if you have none."
            : "Of your authenticator, or a recovery code."))
    }
    return fields
  }
}
