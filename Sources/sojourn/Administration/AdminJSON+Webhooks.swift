import DataModel
import Storage
import Webhooks
import Wire

extension AdminJSON {
  static func webhooks(_ hooks: [HookStatus]) -> String {
    "{\"webhooks\":[\(hooks.map(webhook).joined(separator: ","))]}"
  }

  static func webhook(_ hook: HookStatus) -> String {
    let texts = object([
      ("name", hook.name), ("state", hook.condition.rawValue), ("model", hook.model), ("type", hook.kind?.rawValue),
      ("receiver", hook.receiver?.rawValue), ("action", hook.action), ("url", hook.url),
      ("position", hook.position > 0 ? String(hook.position) : nil),
    ])
    return texts.dropLast()
      + ",\"behind\":\(hook.behind),\"waiting\":\(hook.waiting),\"parked\":\(hook.parked),\"lag_ms\":\(hook.lagMilliseconds),"
      + "\"failures_in_row\":\(hook.failuresInRow),\"delivered\":\(hook.delivered),\"failed\":\(hook.failed),"
      + "\"rotating\":\(hook.hasNextSecret)}"
  }

  static func secrets(_ secrets: WebhookSecrets) -> String {
    object([
      ("secret", secrets.current), ("next", secrets.next?.secret), ("next_made_at", secrets.next?.madeAt.description),
    ])
  }

  static func deliveries(_ hook: String, _ unfinished: [HookDelivery], _ attempts: [HookAttempt]) -> String {
    let waiting = unfinished.map { delivery in
      object([
        ("delivery", "\(hook):\(delivery.sequence)"), ("sequence", String(delivery.sequence)),
        ("object_id", delivery.object.description), ("state", delivery.isParked ? "parked" : "waiting"),
        ("next_at", delivery.isParked ? nil : Instant(clampingMilliseconds: delivery.nextAt).description),
      ]).dropLast() + ",\"attempts\":\(delivery.attempts),\"replay\":\(delivery.isReplay)}"
    }
    let made = attempts.map { attempt in
      object([
        ("delivery", "\(hook):\(attempt.sequence)"), ("sequence", String(attempt.sequence)),
        ("object_id", attempt.object.description), ("at", Instant(clampingMilliseconds: attempt.at).description),
        ("problem", attempt.problem), ("answer", String(decoding: attempt.answer, as: UTF8.self)),
      ]).dropLast()
        + ",\"attempt\":\(attempt.attempt),\"status\":\(attempt.status.map(String.init) ?? "null"),"
        + "\"milliseconds\":\(attempt.milliseconds)}"
    }
    return "{\"unfinished\":[\(waiting.joined(separator: ","))],\"attempts\":[\(made.joined(separator: ","))]}"
  }
}
