import Storage
import Web
import Webhooks
import Wire

/// What a webhook has delivered and has not, as far as it knows: the newest change first.
struct DeliveriesPage: Page {
  var card: DeploymentCard
  var status: WebhookStatus
  var view: ListFilter<DeliveriesKey>
  var form: Form
  var rows: [DeliveryRow]
  /// Where the next page begins.
  var next: Int64?
  /// Of the objects that there are.
  var displays: [ObjectID: String]
  var ticket: String

  var title: String { form.isGood ? "Deliveries of \(status.name)" : "Error: deliveries of \(status.name)" }
  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Webhooks", .webhooks(card.id)),
      Crumb(status.name, .webhook(card.id, name: status.name)),
    ]
  }

  private func route(_ view: ListFilter<DeliveriesKey>) -> Route { .deliveries(card.id, name: status.name, view) }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 {
          "Deliveries of \(status.name) "
          status.tag
        }
      }
      form.summary
      if status.parked > 0 { parked }
      FilterCard(form: form, isFiltered: view.isFiltered, all: route(.all)).html
      if form.isGood { list }
      p(.class("hush small")) {
        "What waits or is parked is all here. What was delivered is here as long as the log has it: it keeps the last "
        "\(WebhookAttempt.kept) tries of each webhook. Times are those of the changes, in UTC."
      }
    }
  }

  private var parked: HTML {
    div(.class("notice warn")) {
      strong { "\(Grouped.text(status.parked, "delivery is", "deliveries are")) parked" }
      p { "They failed for 72 hours, and are sent again only when somebody says so." }
      WebhookButton(
        route: route(.all), ticket: ticket, act: .resendParked,
        label: status.parked == 1 ? "Send it again" : "Send all \(Grouped.text(status.parked)) again"
      ).html
    }
  }

  private var list: HTML {
    div(.class("card")) {
      if rows.isEmpty {
        div(.class("empty")) {
          strong { view.isFiltered ? "There are no such deliveries" : "There are no deliveries" }
          if status.waiting + status.parked == 0 { p { "Nothing waits." } }
        }
      } else {
        table
      }
      if view[.before] != "" || next != nil { pager }
    }
  }

  private var pager: HTML {
    div(.class("bar")) {
      nav(.class("pager"), .aria("label", "Deliveries")) {
        if view[.before] != "" { a(.class("button"), .href(route(view.with(.before, "")))) { "Newest" } }
        if let next { a(.class("button"), .href(route(view.with(.before, "\(next)")))) { "Older" } }
      }
    }
  }

  private var table: HTML {
    div(.class("region free"), .role("region"), .aria("label", "Deliveries"), .tabIndex(0)) {
      Web.table(.class("stacked")) {
        caption(.class("away")) { "Deliveries, that of the newest change first" }
        thead {
          tr {
            for head in ["Change", "Object", "State", "Tries", "Last status", "Took", "Answer", "Next try"] {
              th(.scope("col")) { head }
            }
          }
        }
        tbody { for one in rows { row(one) } }
      }
    }
  }

  private func row(_ row: DeliveryRow) -> HTML {
    tr {
      th(.scope("row"), .class("nowrap")) {
        a(.href(Route.delivery(card.id, name: status.name, row.sequence))) { HTML.time(row.time) }
      }
      td(.head("Object"), .directionOfText) {
        ObjectOfDelivery(card: card, model: status.model, id: row.object, displays: displays).html
      }
      td(.head("State")) { row.tag }
      td(.head("Tries"), .class("number")) { row.attempts }
      td(.head("Last status")) { TryHTML.status(row.tries.first) }
      td(.head("Took"), .class("nowrap")) { TryHTML.latency(row.tries.first) }
      td(.head("Answer"), .directionOfText) { row.tries.first.map { HTML.text(TryHTML.words($0)) } }
      td(.head("Next try"), .class("nowrap")) { row.nextAt.map { HTML.time($0) } }
    }
  }
}

/// The object that a delivery is about.
struct ObjectOfDelivery {
  var card: DeploymentCard
  var model: String?
  var id: ObjectID
  var displays: [ObjectID: String]

  var html: HTML {
    guard let model, let display = displays[id] else { return code { HTML.id(id) } }
    return a(.href(Route.object(card.id, model: model, id))) {
      ObjectLink(model: model, id: id, display: display).html
    }
  }
}

/// What is said of one try.
enum TryHTML {
  @HTMLBuilder
  static func status(_ attempt: WebhookAttempt?) -> HTML {
    if let attempt {
      if let status = attempt.status { HTML.number(status) } else { "no answer" }
    }
  }

  @HTMLBuilder
  static func latency(_ attempt: WebhookAttempt?) -> HTML {
    if let attempt { "\(Grouped.text(attempt.milliseconds)) ms" }
  }

  /// In a line: the first words of the answer, else why it failed. Where the status says why, the answer says
  /// more; where an answer broke off, it does not.
  static func words(_ attempt: WebhookAttempt) -> String {
    let words = line(attempt.answer)
    let isRefused = attempt.status.map { !(200...299).contains($0) } ?? false
    let problem = !isRefused || words.isEmpty ? attempt.problem : nil
    return CutText.cut(problem ?? words, to: 120)
  }

  /// Without the breaks and indents that answers are laid out with.
  private static func line(_ answer: [UInt8]) -> String {
    String(decoding: answer, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
