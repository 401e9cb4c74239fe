import Storage
import Web
import Wire

/// What has become of one event of a webhook: from what it has not delivered, and from its log of tries.
struct DeliveryRow: Sendable, Equatable {
  enum State: String, CaseIterable, Sendable {
    /// It is tried now, or will be: this is no failure.
    case waiting
    /// Given up after 72 hours of tries.
    case parked
    case delivered
    /// It will not be tried: it was skipped, or its entry is gone.
    case ended

    var label: String {
      switch self {
      case .waiting: "waiting"
      case .parked: "parked"
      case .delivered: "delivered"
      case .ended: "not delivered"
      }
    }

  }

  var sequence: Int64
  var object: ObjectID
  var state: State
  /// All, also those that the log has forgotten, as far as the others tell.
  var attempts: Int
  /// Of them those that failed since it was delivered last.
  var failed = 0
  /// Nil where it is not tried again.
  var nextAt: Instant?
  var isReplay = false
  /// Its tries in the log, the latest first: the log forgets.
  var tries: [WebhookAttempt]

  /// Of the change that it tells.
  var time: Instant { Instant(ofSequence: sequence) }

  /// The newest change first.
  static func all(unfinished: [WebhookDelivery], attempts: [WebhookAttempt]) -> [DeliveryRow] {
    let tries = Dictionary(grouping: attempts, by: \.sequence)
    var rows = unfinished.map { DeliveryRow($0, tries: tries[$0.sequence] ?? []) }
    let open = Set(unfinished.map(\.sequence))
    for (sequence, tries) in tries where !open.contains(sequence) {
      guard let last = tries.first else { continue }
      rows.append(
        DeliveryRow(
          sequence: sequence, object: last.object, state: last.problem == nil ? .delivered : .ended,
          attempts: NumberedTry.count(of: tries), tries: tries))
    }
    return rows.sorted { $0.sequence > $1.sequence }
  }

  var tag: HTML {
    switch state {
    case .waiting where failed > 0:
      span(.class("tag warn")) { "\(state.label), failed \(failed == 1 ? "once" : "\(Grouped.text(failed)) times")" }
    case .waiting: span(.class("tag")) { state.label }
    case .parked: span(.class("tag bad")) { state.label }
    case .delivered: span(.class("tag good")) { state.label }
    case .ended: span(.class("tag warn")) { state.label }
    }
  }

  /// What is told to whoever has just had it sent again; nil where nothing of the kind is to be seen.
  var noticeOfResending: String? {
    switch state {
    case .waiting: "It is sent again. Its tries, below, tell how that goes."
    case .delivered where NumberedTry.all(of: tries).contains(where: \.isByHand): "It was sent again, and delivered."
    case .delivered, .parked, .ended: nil
    }
  }
}

extension DeliveryRow {
  /// What waits or is parked, with its tries in the log.
  fileprivate init(_ delivery: WebhookDelivery, tries: [WebhookAttempt]) {
    let failed = tries.prefix { $0.problem != nil }.count
    self.init(
      sequence: delivery.sequence, object: delivery.object, state: delivery.isParked ? .parked : .waiting,
      // The log is kept a little later than what is delivered.
      attempts: max(delivery.attempts, NumberedTry.count(of: tries)),
      failed: max(delivery.attempts, failed == tries.count ? NumberedTry.count(of: tries) : failed),
      nextAt: delivery.isParked ? nil : Instant(clampingMilliseconds: delivery.nextAt), isReplay: delivery.isReplay,
      tries: tries)
  }
}

/// A try with its number among all of its delivery. The engine's own numbers begin anew with each sending by hand.
struct NumberedTry: Sendable {
  var number: Int
  /// Somebody had it sent again, by the page, `resend` or `replay`; the tries after it follow the schedule again.
  var isByHand: Bool
  var attempt: WebhookAttempt

  /// Of one delivery, the latest first, as they come.
  static func all(of tries: [WebhookAttempt]) -> [NumberedTry] {
    let count = count(of: tries)
    return tries.enumerated().map { index, attempt in
      NumberedTry(
        number: count - index, isByHand: attempt.attempt == 1 && index < tries.count - 1, attempt: attempt)
    }
  }

  /// With those that the log has forgotten, so far as the oldest one that it has counts them.
  static func count(of tries: [WebhookAttempt]) -> Int { tries.last.map { $0.attempt + tries.count - 1 } ?? 0 }
}

/// Which deliveries an address asks for, read: the form with what was asked, and what is wrong with it.
struct DeliveryQuestion: Sendable {
  var form: Form
  private var state: DeliveryRow.State?
  private var object: ObjectID?
  private var from: Instant?
  private var to: Instant?
  private(set) var before: Int64?

  static let limit = 50

  /// - Throws: `PageFault` for a position that is none.
  init(_ view: ListFilter<DeliveriesKey>) throws(PageFault) {
    form = Form(Self.fields, values: view.values)
    state = DeliveryRow.State(rawValue: view[.state])
    if !view[.state].isEmpty, state == nil { refuse(.state, "State: choose one of those that are offered.") }
    object = ObjectID(view[.object])
    if !view[.object].isEmpty, object == nil {
      refuse(.object, "Object: \(Self.noID(view[.object]))")
    }
    from = time(.from, "From", view)
    to = time(.to, "To", view)
    if !view[.before].isEmpty {
      guard let number = Int64(view[.before]), number > 0 else {
        throw .invalid("“\(CutText.cut(view[.before]))” is no position among deliveries.", ways: [])
      }
      before = number
    }
  }

  static func noID(_ text: String) -> String {
    "“\(CutText.cut(text))” is no id. An id is written like 0195a3b2-0000-7000-8000-000000000001."
  }

  private mutating func refuse(_ key: DeliveriesKey, _ sentence: String) { form.refuse(key.rawValue, sentence) }

  private mutating func time(_ key: DeliveriesKey, _ label: String, _ view: ListFilter<DeliveriesKey>) -> Instant? {
    if view[key].isEmpty { return nil }
    let time = TimeBound.read(view[key], isEnd: key == .to)
    if time == nil { refuse(key, TimeBound.problem(label, view[key])) }
    return time
  }

  /// Those of the page, and where the next one begins.
  func page(of rows: [DeliveryRow]) -> (rows: [DeliveryRow], next: Int64?) {
    let found = rows.filter { row in
      (state == nil || row.state == state) && (object == nil || row.object == object)
        && (from.map { row.time >= $0 } ?? true) && (to.map { row.time <= $0 } ?? true)
        && (before.map { row.sequence < $0 } ?? true)
    }
    let shown = Array(found.prefix(Self.limit))
    return (shown, found.count > shown.count ? shown.last?.sequence : nil)
  }

  private static let states =
    [FormField.Option("", "All")] + DeliveryRow.State.allCases.map { FormField.Option($0.rawValue, $0.label) }

  private static let fields = [
    FormField(DeliveriesKey.state.rawValue, "State", .choice(states)),
    FormField(DeliveriesKey.object.rawValue, "Object", .word, hint: "Its id."),
    FormField(DeliveriesKey.from.rawValue, "Saved from", .word, hint: TimeBound.hint),
    FormField(
      DeliveriesKey.to.rawValue, "Saved to", .word, hint: "A day alone is meant to its end."),
  ]
}
