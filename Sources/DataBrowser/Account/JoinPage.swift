import Storage
import Web
import Wire

/// What a link does: joining, accepting roles, or renewing what was lost.
struct JoinPage: Page {
  enum Form: Sendable, Equatable {
    /// The first operator, who types an address too.
    case first(email: String)
    case join(email: String)
    /// Somebody who is signed in accepts; with a ticket.
    case accept(email: String, ticket: String)
    case reset(LinkRecord.Kind, hasFactor: Bool)
  }

  var code: String
  var form: Form
  var name = ""
  var problem: AccountProblem?

  var title: String { problem == nil ? heading : "Error: \(heading)" }
  var isNarrow: Bool { true }

  private var heading: String {
    switch form {
    case .first: "Become the first operator"
    case .join: "Join"
    case .accept: "Accept an invitation"
    case .reset(.resetFactor, _): "Remove the lost second factor"
    case .reset: "Choose a new password"
    }
  }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { heading } }
      if let problem { problem.html }
      section(.class("card")) {
        p { introduction }
        Web.form(.class("stack"), .method(.post), .action(Route.join(code))) {
          if case .accept(_, let ticket) = form { input(.type(.hidden), .name(PostForm.ticket), .value(ticket)) }
          for field in fields { field.html }
          div(.class("actions")) { button(.type(.submit), .class("main")) { submit } }
        }
      }
    }
  }

  private var introduction: String {
    switch form {
    case .first: "There is nobody yet. You administer this server and all its deployments then."
    case .join(let email): "You sign in as \(email) then."
    case .accept(let email, _): "What this invitation gives comes to what you, \(email), have already."
    case .reset: "All your sessions end, on this browser and on others."
    }
  }

  private var submit: String {
    switch form {
    case .first, .join: "Join"
    case .accept: "Accept"
    case .reset(.resetFactor, _): "Remove the factor"
    case .reset: "Set the password"
    }
  }

  private var fields: [AccountField] {
    let newPassword = AccountField(
      name: "password", label: "New password", kind: .newPassword,
      hint: "12 to 256 characters of any kind. A few words that have nothing to do with one another are good.",
      problem: problem?.sentence(at: "password"))
    let nameField = AccountField(
      name: "name", label: "Your name", kind: .text, value: name, hint: "As others see it beside what you do.",
      problem: problem?.sentence(at: "name"))
    switch form {
    case .first(let email):
      let emailField = AccountField(
        name: "email", label: "E-mail address", kind: .email, value: email, problem: problem?.sentence(at: "email"))
      return [emailField, nameField, newPassword]
    case .join: return [nameField, newPassword]
    case .accept: return []
    case .reset(.resetFactor, _): return [AccountField(name: "password", label: "Password", kind: .password)]
    case .reset(.resetPassword, true):
      return [
        newPassword, AccountField(name: "code", label: "Code of your authenticator, or a recovery code", kind: .code),
      ]
    case .reset: return [newPassword]
    }
  }
}
