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

    var tag: HTML {
      switch self {
      case .waiting: span(.class("tag")) { label }
      case .parked: span(.class("tag bad")) { label }
      case .delivered: span(.class("tag good")) { label }
      case .ended: span(.class("tag warn")) { label }
      }
    }
  }

  var sequence: Int64
  var object: ObjectID
  var state: State
  /// Failed ones of what waits or is parked, else all that the log knows of.
  var attempts: Int
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
    var rows = unfinished.map { delivery in
      DeliveryRow(
        sequence: delivery.sequence, object: delivery.object, state: delivery.isParked ? .parked : .waiting,
        attempts: delivery.attempts,
        nextAt: delivery.isParked ? nil : Instant(clampingMilliseconds: delivery.nextAt), isReplay: delivery.isReplay,
        tries: tries[delivery.sequence] ?? [])
    }
    let open = Set(unfinished.map(\.sequence))
    for (sequence, tries) in tries where !open.contains(sequence) {
      guard let last = tries.first else { continue }
      rows.append(
        DeliveryRow(
          sequence: sequence, object: last.object, state: last.problem == nil ? .delivered : .ended,
          attempts: tries.map(\.attempt).max() ?? tries.count, tries: tries))
    }
    return rows.sorted { $0.sequence > $1.sequence }
  }
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
