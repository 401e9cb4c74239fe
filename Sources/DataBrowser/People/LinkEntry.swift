import Crypto
import People
import Storage
import Web
import Wire

/// An invitation or reset link that is good.
struct LinkEntry: Sendable {
  var record: LinkRecord
  /// The name of whoever made it; nil for a command.
  var maker: String?
  /// The link itself, where this visitor has just made it.
  var address: String?
  /// Of the form that takes it back; nil where that is not the visitor's to do.
  var ticket: String?

  /// How forms name it, which gives nobody the link.
  static func name(of record: LinkRecord) -> String { Hex.encode(record.hash) }

  private var what: String {
    switch record.kind {
    case .first, .join:
      let roles = record.grants.map(\.words).joined(separator: "; ")
      if record.makesOperator { return "to join as an operator" }
      return roles.isEmpty ? "to join" : "to join as \(roles)"
    case .resetPassword: return "to renew the password"
    case .resetFactor: return "to remove the second factor"
    case .resetBoth: return "to renew password and second factor"
    }
  }

  /// The links that were just made, each to be copied.
  @HTMLBuilder
  static func made(_ links: [LinkEntry]) -> HTML {
    for (index, link) in links.enumerated() {
      if let address = link.address {
        CredentialHTML.once(
          address, "The link for \(link.record.email) \(link.what). Copy it now.", id: "link-\(index)")
      }
    }
  }

  /// All of them, with who made them and until when they are good.
  @HTMLBuilder
  static func list(_ links: [LinkEntry], _ route: Route) -> HTML {
    if !links.isEmpty {
      section(.class("card")) {
        h2 { "Open links" }
        ul(.class("rows")) { for link in links { link.line(route) } }
      }
    }
  }

  private func line(_ route: Route) -> HTML {
    li {
      div {
        strong { record.email }
        " \(what), until "
        HTML.timeWithZone(record.expiresAt)
        span(.class("hush small"), .directionOfText) { ", by \(maker ?? "a command")" }
      }
      if let ticket {
        ActForm(
          route: route, ticket: ticket, act: .withdraw, about: [(PeopleAct.link, Self.name(of: record))]
        ).html("Take it back")
      }
    }
  }
}
