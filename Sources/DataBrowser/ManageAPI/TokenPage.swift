import Storage
import Web
import Wire

/// A token: shown once when it is new, and revoked here.
struct TokenPage: Page {
  var card: DeploymentCard
  var token: ManageAPIPage.Token
  /// Drawn a moment ago for this session.
  var secret: String?
  var examples: [APIExamples.Example]
  var ticket: String

  private var record: TokenRecord { token.record }

  var title: String { "Token \(record.name)" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Manage API", .manageAPI(card.id))] }
  var isNarrow: Bool { true }
  var showsSecret: Bool { secret != nil }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1(.directionOfText) { "Token \(record.name)" } }
      if let secret { CredentialHTML.once(secret, "The new token. Copy it now.") }
      section(.class("card")) {
        h2 { "What it is" }
        div(.class("inside")) { facts }
      }
      if secret != nil { CredentialHTML.examples(examples) }
      revoking
    }
  }

  private var facts: HTML {
    dl(.class("facts")) {
      dt { "May" }
      dd { record.isReadOnly ? "read" : "read and write" }
      dt { "Made" }
      dd { HTML.timeWithZone(record.createdAt) }
      dt { "Made by" }
      dd(.directionOfText) { token.maker ?? "not known" }
      dt { "Expires" }
      dd {
        record.expiresAt.map { HTML.timeWithZone($0) } ?? .text("never")
        if token.isOver { span(.class("tag warn")) { "expired" } }
      }
      dt { "Last used" }
      dd { CredentialHTML.lastUse(record.lastUse) }
    }
  }

  private var revoking: HTML {
    section(.class("card")) {
      h2 { "Revoke it" }
      div(.class("inside stack")) {
        p { "Whatever calls with this token stops at once, for good. Other tokens and the password go on." }
        details {
          summary { "Revoke…" }
          form(.class("stack"), .method(.post), .action(Route.token(card.id, name: record.name))) {
            input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
            p { "This cannot be undone: a new token has another secret." }
            button(.type(.submit)) { "Revoke “\(record.name)” now" }
          }
        }
      }
    }
  }
}
