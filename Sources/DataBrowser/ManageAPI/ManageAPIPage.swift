import Deployments
import Storage
import Web
import Wire

/// How the API is reached: address, password, tokens, limits and origins, with examples.
struct ManageAPIPage: Page {
  struct Token: Sendable {
    var record: TokenRecord
    /// Nil where it is not known: a command made it, or the audit reaches back less far.
    var maker: String?
    var isOver: Bool
  }

  /// What the forms ask for.
  enum Act: String { case create, renew }

  var card: DeploymentCard
  var baseURL: String
  /// Drawn a moment ago for this session.
  var password: String?
  var passwordUse: CredentialUse?
  var tokens: [Token]
  var limits: RateLimiter.Limits
  var origins: AllowedOrigins
  var examples: [APIExamples.Example]
  var form: Form
  /// One for each form: each is done once.
  var ticket: String
  var renewalTicket: String

  var title: String { form.isGood ? "Manage API" : "Error: Manage API" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }
  var showsSecret: Bool { password != nil }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Manage API" } }
      form.summary
      if let password {
        CredentialHTML.once(password, "The new password. Copy it now.")
      }
      div(.class("halves")) {
        div(.class("stack")) {
          address
          passwordCard
          rules
        }
        newToken
      }
      tokenList
      CredentialHTML.examples(examples)
    }
  }

  private var address: HTML {
    section(.class("card")) {
      h2 { "Address" }
      div(.class("inside stack")) {
        CodeBlock(id: "base-url", text: baseURL, isWrapped: true).html
        p {
          for (index, way) in [("How to call it", "docs"), ("OpenAPI", "openapi.json")].enumerated() {
            if index > 0 { " · " }
            if let address = WebAddress("\(baseURL)/\(way.1)") {
              a(.href(address), .rel("noopener"), .inNewTab) { way.0 }
            }
          }
        }
        p(.class("hush small")) { "Both ask for the user name and the password below, or take a token." }
      }
    }
  }

  private var passwordCard: HTML {
    section(.class("card")) {
      h2 { "Password" }
      div(.class("inside stack")) {
        dl(.class("facts")) {
          dt { "User name" }
          dd { code { card.id } }
          dt { "Password" }
          dd { "not kept, and so not shown: a new one is shown once" }
          dt { "Last used" }
          dd { CredentialHTML.lastUse(passwordUse) }
        }
        details {
          summary { "Regenerate the password" }
          div(.class("stack")) {
            p {
              "Everything that calls with the present password stops at once, until it has the new one. "
              if passwordUse == nil { "It was never used." } else { "It was last used " }
              if let passwordUse {
                CredentialHTML.lastUse(passwordUse)
                "."
              }
              " Tokens go on."
            }
            Web.form(.method(.post), .action(Route.manageAPI(card.id))) {
              input(.type(.hidden), .name(PostForm.ticket), .value(renewalTicket))
              button(.type(.submit), .name("act"), .value(Act.renew.rawValue)) { "Regenerate and end the old one" }
            }
          }
        }
      }
    }
  }

  private var newToken: HTML {
    section(.class("card")) {
      h2 { "New token" }
      div(.class("inside stack")) {
        p { "A token of its own for each program: it can be revoked without the others noticing." }
        form.html(to: Route.manageAPI(card.id).address, ticket: ticket, submit: "Create the token")
      }
    }
  }

  private var tokenList: HTML {
    section(.class("card")) {
      h2 { "Tokens" }
      if tokens.isEmpty {
        div(.class("empty")) { p { "There are no tokens yet." } }
      } else {
        div(.class("region free"), .role("region"), .aria("label", "Tokens"), .tabIndex(0)) {
          Web.table(.class("stacked")) {
            caption(.class("away")) { "Tokens" }
            thead {
              tr {
                for head in ["Name", "May", "Made", "Made by", "Expires", "Last used"] { th(.scope("col")) { head } }
              }
            }
            tbody { for token in tokens { row(token) } }
          }
        }
      }
    }
  }

  private func row(_ token: Token) -> HTML {
    let record = token.record
    return tr {
      th(.scope("row"), .directionOfText) {
        if TokenForm.hasAddress(record.name) {
          link(record.name, to: .token(card.id, name: record.name))
        } else {
          record.name
        }
      }
      td(.head("May")) { record.isReadOnly ? "read" : "read and write" }
      td(.head("Made")) { HTML.timeWithZone(record.createdAt) }
      td(.head("Made by"), .directionOfText) { token.maker ?? "not known" }
      td(.head("Expires")) {
        record.expiresAt.map { HTML.timeWithZone($0) } ?? .text("never")
        if token.isOver { span(.class("tag warn")) { "expired" } }
      }
      td(.head("Last used")) { CredentialHTML.lastUse(record.lastUse) }
    }
  }

  private var rules: HTML {
    section(.class("card")) {
      h2 { "Limits and origins" }
      div(.class("inside")) {
        dl(.class("facts")) {
          dt { "Password and tokens together" }
          dd { Self.text(of: limits.deployment) }
          dt { "Devices of one app user" }
          dd { Self.text(of: limits.users) }
          dt { "Web pages that may call" }
          dd { originText }
        }
      }
    }
  }

  @HTMLBuilder
  private static func text(of limit: RateLimit?) -> HTML {
    if let limit {
      HTML.number(limit.rate)
      " request\(limit.rate == 1 ? "" : "s") a second, \(Grouped.text(limit.burst)) at once"
    } else {
      "no limit"
    }
  }

  private var originText: String {
    if origins.isAll { return "those of every origin" }
    return origins.listed.isEmpty ? "none" : origins.listed.joined(separator: ", ")
  }
}
