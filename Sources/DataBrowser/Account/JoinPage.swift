import Storage
import Web
import Wire

/// What a link does: joining, accepting roles, or renewing what was lost.
struct JoinPage: Page {
  enum Act: Sendable, Equatable {
    /// The first operator, who types an address too.
    case first
    case join(email: String, rights: String, inviter: String?)
    /// Somebody who is signed in accepts; with a ticket.
    case accept(email: String, ticket: String)
    case reset(LinkRecord.Kind, email: String, hasFactor: Bool)

    var fields: [FormField] {
      switch self {
      case .first: [AccountQuestion.email, AccountQuestion.name, AccountQuestion.newPassword]
      case .join: [AccountQuestion.name, AccountQuestion.newPassword]
      case .accept: []
      case .reset(.resetFactor, _, _): [AccountQuestion.password]
      case .reset(.resetPassword, _, hasFactor: true): [AccountQuestion.newPassword, AccountQuestion.code]
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
    case .reset(.resetFactor, _, _): "Remove the lost second factor"
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

  /// Of whoever is not asked for it.
  private var userName: String? {
    switch act {
    case .join(let email, _, _), .reset(_, let email, _): email
    case .first, .accept: nil
    }
  }

  private var introduction: String {
    switch act {
    case .first: "There is nobody yet. You will be the operator of this server, with all its deployments."
    case .join(let email, let rights, let inviter):
      "\(inviter.map { "\($0) invites you. " } ?? "")You will be \(rights), and sign in as \(email)."
    case .accept(let email, _): "What this invitation gives comes to what you, \(email), have already."
    case .reset(_, let email, _): "You sign in as \(email). All your sessions end, in this browser and in others."
    }
  }

  private var submit: String {
    switch act {
    case .first, .join: "Join"
    case .accept: "Accept"
    case .reset(.resetFactor, _, _): "Remove the factor"
    case .reset: "Set the password"
    }
  }
}
