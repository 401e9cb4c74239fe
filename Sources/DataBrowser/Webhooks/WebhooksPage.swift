import Web
import Webhooks
import Wire

/// All webhooks of a deployment: how each is, what it has not delivered, and how its last tries ended.
struct WebhooksPage: Page {
  struct Entry: Sendable {
    var status: WebhookStatus
    var success: TrySuccess
  }

  var card: DeploymentCard
  var entries: [Entry]
  var now: Instant

  var title: String { "Webhooks" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Webhooks" } }
      div(.class("card")) {
        if entries.isEmpty { empty } else { table }
      }
      p(.class("hush small")) {
        "A webhook is declared in the data model, and does nothing until it is switched on here with an endpoint. "
        "Its requests are signed, and come again until the endpoint answers with a status from 200 to 299."
      }
    }
  }

  private var empty: HTML {
    div(.class("empty")) {
      strong { "The data model declares no webhooks" }
      p {
        "Add "
        code { "<webhook type=\"update\"/>" }
        " to a model and deploy it."
      }
    }
  }

  private var table: HTML {
    div(.class("region free"), .role("region"), .aria("label", "Webhooks"), .tabIndex(0)) {
      Web.table(.class("stacked")) {
        caption(.class("away")) { "Webhooks of the deployment" }
        thead {
          tr {
            for head in ["Webhook", "State", "Endpoint", "Behind by", "Parked", "Successful tries"] {
              th(.scope("col")) { head }
            }
          }
        }
        tbody { for entry in entries { row(entry) } }
      }
    }
  }

  private func row(_ entry: Entry) -> HTML {
    let status = entry.status
    return tr {
      th(.scope("row")) {
        link(status.name, to: .webhook(card.id, name: status.name))
        if let firing = status.firing { div(.class("hush small")) { firing } }
      }
      td(.head("State")) { status.tag }
      td(.head("Endpoint")) {
        if let url = status.url { CutText.cut(url) } else { span(.class("hush")) { "none" } }
      }
      td(.head("Behind by")) { status.backlog(at: now) }
      td(.head("Parked")) {
        if status.parked > 0 {
          link(
            Grouped.text(status.parked),
            to: .deliveries(card.id, name: status.name, .all.with(.state, DeliveryRow.State.parked.rawValue)))
        } else {
          "0"
        }
      }
      td(.head("Tries")) { entry.success.html }
    }
  }
}
