import Storage
import Wire

/// The tables of a deployment's webhooks, read and written on one connection.
struct WebhookTables {
  let connection: Connection

  static let sql = """
    CREATE TABLE IF NOT EXISTS hooks (
      name TEXT PRIMARY KEY, url TEXT NOT NULL, enabled INTEGER NOT NULL, secret BLOB NOT NULL,
      next_secret BLOB, next_made_at INTEGER, position INTEGER NOT NULL, reached INTEGER NOT NULL,
      failures INTEGER NOT NULL, suspended_since INTEGER, stood_still INTEGER NOT NULL,
      delivered INTEGER NOT NULL, failed INTEGER NOT NULL, logged INTEGER NOT NULL DEFAULT 0,
      revision INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS hook_deliveries (
      hook TEXT NOT NULL, sequence INTEGER NOT NULL, object BLOB NOT NULL, attempts INTEGER NOT NULL,
      first_at INTEGER, next_at INTEGER NOT NULL, parked INTEGER NOT NULL, replay INTEGER NOT NULL,
      PRIMARY KEY (hook, sequence)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS hook_fired (
      hook TEXT NOT NULL, object BLOB NOT NULL, sequence INTEGER NOT NULL,
      PRIMARY KEY (hook, object)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS hook_log (
      hook TEXT NOT NULL, slot INTEGER NOT NULL, number INTEGER NOT NULL, sequence INTEGER NOT NULL,
      object BLOB NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER,
      milliseconds INTEGER NOT NULL, problem TEXT, answer BLOB NOT NULL,
      PRIMARY KEY (hook, slot)) WITHOUT ROWID;
    """

  // MARK: Reading.

  func webhooks() throws -> [WebhookRecord] {
    let rows = try connection.statement(
      """
      SELECT name, url, enabled, secret, next_secret, next_made_at, position, reached, failures,
        suspended_since, stood_still, delivered, failed, revision FROM hooks ORDER BY name
      """)
    defer { rows.reset() }
    var records: [WebhookRecord] = []
    while try rows.step() {
      var record = WebhookRecord(
        name: rows.text(0), url: rows.text(1), secret: Array(rows.bytes(3)), position: rows.integer(6))
      record.isEnabled = rows.integer(2) != 0
      if !rows.isNull(4) { record.nextSecret = Array(rows.bytes(4)) }
      if !rows.isNull(5) { record.nextMadeAt = rows.integer(5) }
      record.reached = rows.integer(7)
      record.failuresInRow = Int(rows.integer(8))
      if !rows.isNull(9) { record.suspendedSince = rows.integer(9) }
      record.stoodStill = rows.integer(10)
      record.delivered = rows.integer(11)
      record.failed = rows.integer(12)
      record.revision = rows.integer(13)
      records.append(record)
    }
    return records
  }

  /// Nil where there is no such webhook.
  func revision(of webhook: String) throws -> Int64? {
    let row = try connection.statement("SELECT revision FROM hooks WHERE name = ?")
    defer { row.reset() }
    row.bind(1, text: webhook)
    return try row.step() ? row.integer(0) : nil
  }

  func deliveries(of webhook: String) throws -> [WebhookDelivery] {
    let rows = try connection.statement(
      """
      SELECT sequence, object, attempts, first_at, next_at, parked, replay FROM hook_deliveries
      WHERE hook = ? ORDER BY sequence
      """)
    defer { rows.reset() }
    rows.bind(1, text: webhook)
    var deliveries: [WebhookDelivery] = []
    while try rows.step() {
      deliveries.append(
        WebhookDelivery(
          sequence: rows.integer(0), object: try rows.id(1), attempts: Int(rows.integer(2)),
          firstAt: rows.isNull(3) ? nil : rows.integer(3), nextAt: rows.integer(4), isParked: rows.integer(5) != 0,
          isReplay: rows.integer(6) != 0))
    }
    return deliveries
  }

  /// Whether any webhook has something that waits to be delivered, or is parked.
  func hasDeliveries() throws -> Bool {
    let row = try connection.statement("SELECT EXISTS (SELECT 1 FROM hook_deliveries)")
    defer { row.reset() }
    return try row.step() && row.integer(0) != 0
  }

  func fired(_ webhook: String, among objects: [ObjectID]) throws -> [ObjectID: Int64] {
    let row = try connection.statement("SELECT sequence FROM hook_fired WHERE hook = ? AND object = ?")
    defer { row.reset() }
    var fired: [ObjectID: Int64] = [:]
    for object in objects {
      row.bind(1, text: webhook)
      row.bind(2, id: object)
      if try row.step() { fired[object] = row.integer(0) }
      row.reset()
    }
    return fired
  }

  func attempts(of webhook: String) throws -> [WebhookAttempt] {
    let rows = try connection.statement(
      """
      SELECT sequence, object, attempt, at, status, milliseconds, problem, answer FROM hook_log
      WHERE hook = ? ORDER BY number DESC
      """)
    defer { rows.reset() }
    rows.bind(1, text: webhook)
    var attempts: [WebhookAttempt] = []
    while try rows.step() {
      attempts.append(
        WebhookAttempt(
          sequence: rows.integer(0), object: try rows.id(1), attempt: Int(rows.integer(2)), at: rows.integer(3),
          status: rows.isNull(4) ? nil : Int(rows.integer(4)), milliseconds: Int(rows.integer(5)),
          problem: rows.isNull(6) ? nil : rows.text(6), answer: Array(rows.bytes(7))))
    }
    return attempts
  }

  /// The sequence from which on an enabled webhook still needs the oplog, and the webhook that needs most; nil
  /// where none is enabled.
  func needed() throws -> NeededEntries? {
    let row = try connection.statement(
      """
      SELECT min(position, coalesce((SELECT min(sequence) FROM hook_deliveries
        WHERE hook = name AND parked = 0), position)) AS needed, name
      FROM hooks WHERE enabled = 1 ORDER BY needed LIMIT 1
      """)
    defer { row.reset() }
    return try row.step() ? NeededEntries(sequence: row.integer(0), webhook: row.text(1)) : nil
  }

  // MARK: Writing, inside a transaction.

  func keep(_ change: WebhookChange) throws {
    let webhook = change.record.name
    try keep(change.record)
    try keep(change.deliveries, of: webhook)
    let delete = try connection.statement("DELETE FROM hook_deliveries WHERE hook = ? AND sequence = ?")
    for sequence in change.finished {
      delete.bind(1, text: webhook)
      delete.bind(2, integer: sequence)
      try delete.run()
    }
    let fire = try connection.statement(
      "INSERT OR IGNORE INTO hook_fired (hook, object, sequence) VALUES (?, ?, ?)")
    for (object, sequence) in change.fired {
      fire.bind(1, text: webhook)
      fire.bind(2, id: object)
      fire.bind(3, integer: sequence)
      try fire.run()
    }
    try note(change.attempts, of: webhook)
  }

  private func keep(_ record: WebhookRecord) throws {
    let row = try connection.statement(
      """
      INSERT INTO hooks (name, url, enabled, secret, next_secret, next_made_at, position, reached, failures,
        suspended_since, stood_still, delivered, failed, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET url = excluded.url, enabled = excluded.enabled, secret = excluded.secret,
        next_secret = excluded.next_secret, next_made_at = excluded.next_made_at, position = excluded.position,
        reached = excluded.reached, failures = excluded.failures, suspended_since = excluded.suspended_since,
        stood_still = excluded.stood_still, delivered = excluded.delivered, failed = excluded.failed,
        revision = excluded.revision
      """)
    row.bind(1, text: record.name)
    row.bind(2, text: record.url)
    row.bind(3, integer: record.isEnabled ? 1 : 0)
    record.secret.withUnsafeBytes { row.bind(4, blob: $0) }
    if let next = record.nextSecret { next.withUnsafeBytes { row.bind(5, blob: $0) } } else { row.bindNull(5) }
    if let made = record.nextMadeAt { row.bind(6, integer: made) } else { row.bindNull(6) }
    row.bind(7, integer: record.position)
    row.bind(8, integer: record.reached)
    row.bind(9, integer: Int64(record.failuresInRow))
    if let since = record.suspendedSince { row.bind(10, integer: since) } else { row.bindNull(10) }
    row.bind(11, integer: record.stoodStill)
    row.bind(12, integer: record.delivered)
    row.bind(13, integer: record.failed)
    row.bind(14, integer: record.revision)
    try row.run()
  }

  private func keep(_ deliveries: [WebhookDelivery], of webhook: String) throws {
    let row = try connection.statement(
      """
      INSERT OR REPLACE INTO hook_deliveries (hook, sequence, object, attempts, first_at, next_at, parked, replay)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for delivery in deliveries {
      row.bind(1, text: webhook)
      row.bind(2, integer: delivery.sequence)
      row.bind(3, id: delivery.object)
      row.bind(4, integer: Int64(delivery.attempts))
      if let first = delivery.firstAt { row.bind(5, integer: first) } else { row.bindNull(5) }
      row.bind(6, integer: delivery.nextAt)
      row.bind(7, integer: delivery.isParked ? 1 : 0)
      row.bind(8, integer: delivery.isReplay ? 1 : 0)
      try row.run()
    }
  }

  /// Writes over the oldest ones.
  private func note(_ attempts: [WebhookAttempt], of webhook: String) throws {
    if attempts.isEmpty { return }
    let count = try connection.statement("SELECT logged FROM hooks WHERE name = ?")
    count.bind(1, text: webhook)
    var number = try count.step() ? count.integer(0) : 0
    count.reset()
    let row = try connection.statement(
      """
      INSERT OR REPLACE INTO hook_log (hook, slot, number, sequence, object, attempt, at, status, milliseconds,
        problem, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for attempt in attempts.suffix(WebhookAttempt.kept) {
      row.bind(1, text: webhook)
      row.bind(2, integer: number % Int64(WebhookAttempt.kept))
      row.bind(3, integer: number)
      row.bind(4, integer: attempt.sequence)
      row.bind(5, id: attempt.object)
      row.bind(6, integer: Int64(attempt.attempt))
      row.bind(7, integer: attempt.at)
      if let status = attempt.status { row.bind(8, integer: Int64(status)) } else { row.bindNull(8) }
      row.bind(9, integer: Int64(attempt.milliseconds))
      if let problem = attempt.problem { row.bind(10, text: problem) } else { row.bindNull(10) }
      attempt.answer.prefix(WebhookAttempt.answerBytes).withUnsafeBytes { row.bind(11, blob: $0) }
      try row.run()
      number += 1
    }
    let store = try connection.statement("UPDATE hooks SET logged = ? WHERE name = ?")
    store.bind(1, integer: number)
    store.bind(2, text: webhook)
    try store.run()
  }
}
