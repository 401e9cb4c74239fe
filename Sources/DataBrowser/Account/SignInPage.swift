import Web

/// Signing in, and proving again that it is you: address, password and code in one form.
struct SignInPage: Page {
  enum Purpose: Sendable, Equatable {
    case signIn
    /// Of somebody who is signed in, under this address; with a second factor or without.
    case elevate(email: String, hasFactor: Bool)
  }

  var purpose: Purpose
  var form: Form
  /// Of the form; nil where there is nobody yet.
  var ticket: String?
  /// Whether this address can set cookies.
  var canSignIn = true

  static func fields(_ purpose: Purpose) -> [FormField] {
    switch purpose {
    case .signIn: [AccountQuestion.to, AccountQuestion.email, AccountQuestion.password, AccountQuestion.codeIfAny]
    case .elevate(_, hasFactor: true): [AccountQuestion.to, AccountQuestion.password, AccountQuestion.code]
    case .elevate(_, hasFactor: false): [AccountQuestion.to, AccountQuestion.password]
    }
  }

  init(_ purpose: Purpose, _ form: Form, ticket: String? = nil, canSignIn: Bool = true) {
    self.purpose = purpose
    self.form = form
    self.ticket = ticket
    self.canSignIn = canSignIn
  }

  /// An empty form, after which one goes on to a page.
  init(_ purpose: Purpose, to route: Route?, ticket: String? = nil, canSignIn: Bool = true) {
    self.init(
      purpose, Form(Self.fields(purpose), values: ["to": route?.address.text ?? ""]), ticket: ticket,
      canSignIn: canSignIn)
  }

  private var heading: String { purpose == .signIn ? "Sign in" : "Confirm that it is you" }
  var title: String { form.isGood ? heading : "Error: \(heading)" }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { heading } }
      form.summary
      if canSignIn { card } else { refusal }
    }
  }

  private var refusal: HTML {
    div(.class("notice bad")) {
      strong { "Nobody can sign in at this address" }
      p { "It is plain http, and not on this machine: a password would go over the network in the clear. Use https." }
    }
  }

  /// Where the form does not ask for it.
  private var userName: String? { if case .elevate(let email, _) = purpose { email } else { nil } }

  private var card: HTML {
    section(.class("card")) {
      if purpose != .signIn {
        p { "What you asked for needs your password again. It holds for 15 minutes." }
      }
      form.html(
        to: (purpose == .signIn ? Route.signIn(to: nil) : .elevate(to: nil)).address, ticket: ticket,
        userName: userName, submit: purpose == .signIn ? "Sign in" : "Go on")
    }
  }
}
