import DataModel
import Storage
import Webhooks
import Wire

extension AdminJSON {
  static func webhooks(_ webhooks: [WebhookStatus]) -> String {
    "{\"webhooks\":[\(webhooks.map(webhook).joined(separator: ","))]}"
  }

  static func webhook(_ webhook: WebhookStatus) -> String {
    let texts = object([
      ("name", webhook.name), ("state", webhook.condition.rawValue), ("model", webhook.model),
      ("type", webhook.kind?.rawValue),
      ("receiver", webhook.receiver?.rawValue), ("action", webhook.action), ("url", webhook.url),
      ("position", webhook.position > 0 ? String(webhook.position) : nil),
    ])
    return texts.dropLast()
      + ",\"behind\":\(webhook.behind),\"waiting\":\(webhook.waiting),\"parked\":\(webhook.parked),\"lag_ms\":\(webhook.lagMilliseconds),"
      + "\"failures_in_row\":\(webhook.failuresInRow),\"delivered\":\(webhook.delivered),\"failed\":\(webhook.failed),"
      + "\"rotating\":\(webhook.hasNextSecret)}"
  }

  static func secrets(_ secrets: WebhookSecrets) -> String {
    object([
      ("secret", secrets.current), ("next", secrets.next?.secret), ("next_made_at", secrets.next?.madeAt.description),
    ])
  }

  static func deliveries(_ webhook: String, _ unfinished: [WebhookDelivery], _ attempts: [WebhookAttempt]) -> String {
    let waiting = unfinished.map { delivery in
      object([
        ("delivery", "\(webhook):\(delivery.sequence)"), ("sequence", String(delivery.sequence)),
        ("object_id", delivery.object.description), ("state", delivery.isParked ? "parked" : "waiting"),
        ("next_at", delivery.isParked ? nil : Instant(clampingMilliseconds: delivery.nextAt).description),
      ]).dropLast() + ",\"attempts\":\(delivery.attempts),\"replay\":\(delivery.isReplay)}"
    }
    let made = attempts.map { attempt in
      object([
        ("delivery", "\(webhook):\(attempt.sequence)"), ("sequence", String(attempt.sequence)),
        ("object_id", attempt.object.description), ("at", Instant(clampingMilliseconds: attempt.at).description),
        ("problem", attempt.problem), ("answer", String(decoding: attempt.answer, as: UTF8.self)),
      ]).dropLast()
        + ",\"attempt\":\(attempt.attempt),\"status\":\(attempt.status.map(String.init) ?? "null"),"
        + "\"milliseconds\":\(attempt.milliseconds)}"
    }
    return "{\"unfinished\":[\(waiting.joined(separator: ","))],\"attempts\":[\(made.joined(separator: ","))]}"
  }
}
