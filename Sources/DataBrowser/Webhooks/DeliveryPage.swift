import Storage
import Web
import Webhooks
import Wire

/// One delivery: what it is about, every try that the log has, and what can be done with it.
struct DeliveryPage: Page {
  var card: DeploymentCard
  var status: WebhookStatus
  var row: DeliveryRow
  var displays: [ObjectID: String]
  /// Why the last form was not done.
  var fault: String?
  /// One for each form: each is done once.
  var ticket: @Sendable () -> String

  var title: String { fault == nil ? "Delivery \(name)" : "Error: delivery \(name)" }
  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("Webhooks", .webhooks(card.id)),
      Crumb(status.name, .webhook(card.id, name: status.name)),
      Crumb("Deliveries", .deliveries(card.id, name: status.name)),
    ]
  }

  private var name: String { "\(status.name):\(row.sequence)" }
  private var route: Route { .delivery(card.id, name: status.name, row.sequence) }
  private var isOpen: Bool { row.state == .waiting || row.state == .parked }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 {
          "Delivery \(name) "
          row.tag
        }
      }
      if let fault { Form.summary(of: fault, at: "acts") }
      div(.class("halves")) {
        facts
        acts
      }
      tries
    }
  }

  private var facts: HTML {
    section(.class("card")) {
      h2 { "What it is" }
      div(.class("inside")) {
        dl(.class("facts")) {
          dt { "Change" }
          dd { HTML.timeWithZone(row.time) }
          dt { "Object" }
          dd(.directionOfText) {
            ObjectOfDelivery(card: card, model: status.model, id: row.object, displays: displays).html
          }
          dt { DeliveryHeaders.delivery }
          dd { code { name } }
          dt { "Tries" }
          dd { row.attempts }
          dt { "Next try" }
          dd { next }
          if row.isReplay {
            dt { "Replay" }
            dd { "yes: it may have been delivered before, and its request says so" }
          }
        }
      }
    }
  }

  private var next: HTML {
    guard let time = row.nextAt else { return .text("none") }
    if status.condition == .suspended { return .text("one delivery a minute is tried while the webhook is suspended") }
    if !status.isOn { return .text("when the webhook is on again") }
    return HTML.timeWithZone(time)
  }

  private var acts: HTML {
    section(.class("card"), .id("acts"), .tabIndex(-1)) {
      h2 { "What can be done" }
      div(.class("inside stack")) {
        p { "Sent again, it is tried at once, under the same name and with the object as it was after this change." }
        WebhookButton(route: route, ticket: ticket(), act: .resend, label: "Send it again").html
        if isOpen {
          p {
            "Skipped, it is never tried again, and the endpoint never hears of this change. Later changes of the object "
              + "go on."
          }
          WebhookButton(route: route, ticket: ticket(), act: .skip, label: "Skip it").html
        }
        if status.isDeclared {
          link("The body for this object", to: .webhook(card.id, name: status.name, object: row.object.description))
        }
      }
    }
  }

  private var tries: HTML {
    section(.class("card")) {
      h2 { "Tries" }
      div(.class("inside stack")) {
        if row.tries.isEmpty {
          p { row.attempts == 0 ? "It was not tried yet." : "The log does not have its tries any more." }
        }
        for (index, one) in NumberedTry.all(of: row.tries).enumerated() { html(of: one, index) }
      }
    }
  }

  private func html(of one: NumberedTry, _ index: Int) -> HTML {
    let attempt = one.attempt
    return article(.class("stack")) {
      h3 {
        "Try \(one.number), "
        HTML.timeWithZone(Instant(clampingMilliseconds: attempt.at))
        if one.isByHand { ", sent again by hand" }
      }
      dl(.class("facts")) {
        dt { "Status" }
        dd { TryHTML.status(attempt) }
        dt { "Took" }
        dd { TryHTML.latency(attempt) }
        if let problem = attempt.problem {
          dt { "Why it failed" }
          dd(.directionOfText) { problem }
        }
      }
      if !attempt.answer.isEmpty {
        p(.class("hush small")) {
          attempt.answer.count < WebhookAttempt.answerBytes ? "The answer:" : "The answer’s first KiB:"
        }
        CodeBlock(id: "answer-\(index)", text: String(decoding: attempt.answer, as: UTF8.self), isWrapped: true).html
      }
    }
  }
}
