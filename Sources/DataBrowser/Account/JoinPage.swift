import Storage
import Web
import Wire

/// What a link does: joining, accepting roles, or renewing what was lost.
struct JoinPage: Page {
  enum Act: Sendable, Equatable {
    /// The first operator, who types an address too.
    case first
    case join(email: String)
    /// Somebody who is signed in accepts; with a ticket.
    case accept(email: String, ticket: String)
    case reset(LinkRecord.Kind, hasFactor: Bool)

    var fields: [FormField] {
      switch self {
      case .first: [AccountQuestion.email, AccountQuestion.name, AccountQuestion.newPassword]
      case .join: [AccountQuestion.name, AccountQuestion.newPassword]
      case .accept: []
      case .reset(.resetFactor, _): [AccountQuestion.password]
      case .reset(.resetPassword, hasFactor: true): [AccountQuestion.newPassword, AccountQuestion.code]
      case .reset: [AccountQuestion.newPassword]
      }
    }
  }

  var code: String
  var act: Act
  var form: Form

  init(code: String, _ act: Act, _ form: Form) {
    self.code = code
    self.act = act
    self.form = form
  }

  var title: String { form.isGood ? heading : "Error: \(heading)" }
  var isNarrow: Bool { true }

  private var heading: String {
    switch act {
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
      form.summary
      section(.class("card")) {
        p { introduction }
        form.html(to: Route.join(code).address, ticket: ticket, userName: userName, submit: submit)
      }
    }
  }

  private var ticket: String? { if case .accept(_, let ticket) = act { ticket } else { nil } }

  /// Of whoever joins without being asked for it.
  private var userName: String? { if case .join(let email) = act { email } else { nil } }

  private var introduction: String {
    switch act {
    case .first: "There is nobody yet. You administer this server and all its deployments then."
    case .join(let email): "You sign in as \(email) then."
    case .accept(let email, _): "What this invitation gives comes to what you, \(email), have already."
    case .reset: "All your sessions end, in this browser and in others."
    }
  }

  private var submit: String {
    switch act {
    case .first, .join: "Join"
    case .accept: "Accept"
    case .reset(.resetFactor, _): "Remove the factor"
    case .reset: "Set the password"
    }
  }
}
