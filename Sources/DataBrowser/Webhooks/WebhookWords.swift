import DataModel
import Storage
import Web
import Webhooks
import Wire

extension WebhookStatus {
  /// Off, on or suspended, and what else is to be known at once.
  var tag: HTML {
    switch condition {
    case .new, .disabled: span(.class("tag")) { "off" }
    case .enabled: span(.class("tag good")) { "on" }
    case .suspended: span(.class("tag bad")) { "suspended" }
    case .undeclared: span(.class("tag warn")) { "no longer declared" }
    }
  }

  var isOn: Bool { condition == .enabled || condition == .suspended }
  var isDeclared: Bool { model != nil }

  /// What it has not delivered, and for how long: parked deliveries are told apart.
  func backlog(at now: Instant) -> String {
    let entries = waiting + behind
    guard entries > 0 else { return "nothing" }
    let count =
      behind >= Self.mostCounted
      ? "more than \(Grouped.text(Self.mostCounted, "entry", "entries"))"
      : Grouped.text(entries, "entry", "entries")
    guard let oldest else { return count }
    return
      "\(count), the oldest \(AgeText.of(seconds: now.secondsSince1970 - Instant(ofSequence: oldest).secondsSince1970))"
  }

  /// In words, when it fires.
  var firing: String? {
    guard let model, let kind else { return nil }
    let receiver = receiver.map { " For \($0.rawValue)\(action.map { ": \($0)" } ?? "")." } ?? ""
    switch kind {
    case .update: return "On every save of \(model).\(receiver)"
    case .ready: return "Once for each \(model), when it is ready.\(receiver)"
    }
  }
}

/// How its last tries ended.
struct TrySuccess: Sendable, Equatable {
  var good = 0
  var all = 0
  /// Of the oldest try that the log has.
  var since: Instant?

  init(_ attempts: [WebhookAttempt]) {
    // What was never sent, since its entry is gone, was no try.
    let tries = attempts.filter { $0.status != nil || $0.milliseconds > 0 || $0.problem == nil }
    good = tries.count { $0.problem == nil }
    all = tries.count
    since = tries.map(\.at).min().map { Instant(clampingMilliseconds: $0) }
  }

  var html: HTML {
    guard let since else { return .text("no tries yet") }
    return fragment {
      "\(Grouped.text(good)) of \(Grouped.text(all))"
      span(.class("hush small")) {
        " among the log’s tries since "
        HTML.timeWithZone(since)
      }
    }
  }
}

/// How long ago something was, roughly.
enum AgeText {
  static func of(seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(CountText.of(max(seconds, 0), "second")) old"
    case ..<3600: "\(CountText.of(seconds / 60, "minute")) old"
    case ..<86_400: "\(CountText.of(seconds / 3600, "hour")) old"
    default: "\(CountText.of(seconds / 86_400, "day")) old"
    }
  }
}

extension Grouped {
  /// For nouns whose plural is another word.
  static func text(_ number: Int, _ one: String, _ many: String) -> String {
    "\(text(number)) \(number == 1 ? one : many)"
  }
}
