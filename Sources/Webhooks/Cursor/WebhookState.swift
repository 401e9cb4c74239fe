import Crypto
import Storage
import Wire

/// An enabled, or formerly enabled, webhook with all that is kept of it, and what can be done with it. Each
/// change of it is a `WebhookChange` in the end, which `takeChange` gives.
package struct WebhookState: Sendable {
  /// What does not change by itself; how far it has come stands in `cursor`.
  private var base: WebhookRecord
  package private(set) var secrets: WebhookSecrets
  package var cursor: WebhookCursor
  /// Seals secrets.
  private let sealing: [UInt8]

  private var fired: [(object: ObjectID, sequence: Int64)] = []
  private var attempts: [WebhookAttempt] = []
  /// As it is on disk; nil where it is not known.
  private var kept: WebhookRecord?

  /// Enables a webhook for the first time, for what comes after `position`.
  package init(enabling name: String, url: String, position: Int64, sealing: [UInt8]) {
    self.sealing = sealing
    secrets = WebhookSecrets(current: WebhookSecrets.random())
    base = WebhookRecord(name: name, url: url, secret: [], position: position)
    base.secret = SealedBox.seal(Array(secrets.current.utf8), under: sealing)
    cursor = WebhookCursor(position: position, reached: position)
  }

  /// As it was kept.
  /// - Throws: `WebhookFault` where its secrets cannot be opened.
  package init(_ record: WebhookRecord, _ deliveries: [WebhookDelivery], sealing: [UInt8]) throws(WebhookFault) {
    self.sealing = sealing
    base = record
    kept = record
    func opened(_ sealed: [UInt8]) throws(WebhookFault) -> String {
      guard let bytes = SealedBox.open(sealed, under: sealing) else {
        throw WebhookFault(
          "The secret of the webhook \(record.name) cannot be opened: it was sealed under another secret.key. "
            + "Restore that file from a backup and start the server again.")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    secrets = WebhookSecrets(current: try opened(record.secret))
    if let next = record.nextSecret, let made = record.nextMadeAt {
      let next = WebhookSecrets.Next(secret: try opened(next), madeAt: Instant(clampingMilliseconds: made))
      secrets = WebhookSecrets(current: secrets.current, next: next)
    }
    cursor = WebhookCursor(
      position: record.position, reached: record.reached, failuresInRow: record.failuresInRow,
      suspendedSince: record.suspendedSince, stoodStill: record.stoodStill, deliveries: deliveries)
  }

  package var name: String { base.name }
  package var isEnabled: Bool { base.isEnabled }

  /// As it would be kept now.
  package var record: WebhookRecord {
    var record = base
    record.position = cursor.position
    record.reached = cursor.reached
    record.failuresInRow = cursor.failuresInRow
    record.suspendedSince = cursor.suspendedSince
    record.stoodStill = cursor.stoodStill
    return record
  }

  // MARK: Configuring.

  /// Goes on where it stood, and at once: whoever enables a webhook has mended something.
  package mutating func enable(url: String, at now: Int64) {
    base.url = url
    base.isEnabled = true
    cursor.hasten(at: now)
    // To be kept even where nothing differs: by its revision another node that runs it hears of this.
    kept = nil
  }

  package mutating func disable() { base.isEnabled = false }

  package mutating func rotate(at now: Instant) {
    secrets.rotate(to: WebhookSecrets.random(), at: now)
    sealSecrets()
  }

  /// False where there is none to promote.
  package mutating func promote() -> Bool {
    let isPromoted = secrets.promote()
    sealSecrets()
    return isPromoted
  }

  package mutating func promoteIfDue(at now: Instant) {
    let before = secrets
    secrets.promoteIfDue(at: now)
    if secrets != before { sealSecrets() }
  }

  private mutating func sealSecrets() {
    base.secret = SealedBox.seal(Array(secrets.current.utf8), under: sealing)
    base.nextSecret = secrets.next.map { SealedBox.seal(Array($0.secret.utf8), under: sealing) }
    base.nextMadeAt = secrets.next.map { $0.madeAt.secondsSince1970 * 1000 }
  }

  // MARK: Delivering.

  /// A `ready` webhook has fired for these, as `ReadyRule` says.
  package mutating func note(fired entries: [(sequence: Int64, object: ObjectID)]) {
    fired += entries.map { ($0.object, $0.sequence) }
  }

  /// A try has ended.
  package mutating func note(_ one: DeliveryTry, _ result: DeliveryResult, at now: Int64, jitter: Double) {
    if result.isSuccess {
      base.delivered += 1
      cursor.succeed(one, at: now)
    } else {
      base.failed += 1
      cursor.fail(one, at: now, jitter: jitter, wish: result.wish)
    }
    log(one, result, at: now)
  }

  /// What was to be sent is not in the oplog any more.
  package mutating func noteGone(_ one: DeliveryTry, at now: Int64) {
    cursor.drop(one)
    let problem = "its entry was removed from the oplog before it could be delivered"
    log(one, DeliveryResult(status: nil, problem: problem), at: now)
  }

  private mutating func log(_ one: DeliveryTry, _ result: DeliveryResult, at now: Int64) {
    attempts.append(
      WebhookAttempt(
        sequence: one.delivery.sequence, object: one.delivery.object, attempt: one.delivery.attempts + 1, at: now,
        status: result.status, milliseconds: result.milliseconds, problem: result.problem, answer: result.answer))
    if attempts.count >= 2 * WebhookAttempt.kept { attempts.removeFirst(attempts.count - WebhookAttempt.kept) }
  }

  // MARK: Keeping.

  package var isTouched: Bool { cursor.isTouched || !attempts.isEmpty || !fired.isEmpty || kept != record }

  /// What is to be kept; nil where all is. It counts as kept from now on.
  package mutating func takeChange() -> WebhookChange? {
    guard isTouched else { return nil }
    let touched = cursor.takeTouched()
    let record = record
    defer {
      base.revision += 1
      kept = self.record
      fired.removeAll()
      attempts.removeAll()
    }
    return WebhookChange(
      record: record, deliveries: touched.deliveries, finished: touched.finished, fired: fired, attempts: attempts)
  }

  /// It was not kept after all.
  package mutating func giveBack(_ change: WebhookChange) {
    kept = nil
    base.revision = change.record.revision
    cursor.giveBack(UnkeptDeliveries.Changes(deliveries: change.deliveries, finished: change.finished))
    fired = change.fired + fired
    attempts = (change.attempts + attempts).suffix(WebhookAttempt.kept)
  }
}
