import Storage
import Wire

extension WebhookTables {
  func keep(_ change: WebhookChange, in pipeline: inout PostgresPipeline) {
    let webhook = change.record.name
    keep(change.record, in: &pipeline)
    keep(change.deliveries, of: webhook, in: &pipeline)
    if !change.finished.isEmpty {
      pipeline.add("DELETE FROM \(schema.name).hook_deliveries WHERE hook = $1 AND sequence = ANY ($2)") {
        $0.add(text: webhook)
        $0.add(integers: change.finished)
      }
    }
    if !change.fired.isEmpty {
      pipeline.add(
        """
        INSERT INTO \(schema.name).hook_fired (hook, object, sequence) SELECT $1, * FROM unnest($2, $3)
        ON CONFLICT DO NOTHING
        """
      ) {
        $0.add(text: webhook)
        $0.add(ids: change.fired.map(\.object))
        $0.add(integers: change.fired.map(\.sequence))
      }
    }
    note(change.attempts.suffix(WebhookAttempt.kept), of: webhook, in: &pipeline)
  }

  private func keep(_ record: WebhookRecord, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).hooks (name, url, enabled, secret, next_secret, next_made_at, position, reached,
        failures, suspended_since, stood_still, delivered, failed, revision)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      ON CONFLICT (name) DO UPDATE SET url = $2, enabled = $3, secret = $4, next_secret = $5, next_made_at = $6,
        position = $7, reached = $8, failures = $9, suspended_since = $10, stood_still = $11, delivered = $12,
        failed = $13, revision = $14
      """
    ) {
      $0.add(text: record.name)
      $0.add(text: record.url)
      $0.add(isTrue: record.isEnabled)
      $0.add(bytes: record.secret)
      $0.add(bytes: record.nextSecret)
      $0.add(integer: record.nextMadeAt)
      $0.add(integer: record.position)
      $0.add(integer: record.reached)
      $0.add(integer: Int64(record.failuresInRow))
      $0.add(integer: record.suspendedSince)
      $0.add(integer: record.stoodStill)
      $0.add(integer: record.delivered)
      $0.add(integer: record.failed)
      $0.add(integer: record.revision)
    }
  }

  private func keep(_ deliveries: [WebhookDelivery], of webhook: String, in pipeline: inout PostgresPipeline) {
    if deliveries.isEmpty { return }
    // A row may change once in a statement: the last word counts.
    let rows = Array(Dictionary(deliveries.map { ($0.sequence, $0) }, uniquingKeysWith: { $1 }).values)
    pipeline.add(
      """
      INSERT INTO \(schema.name).hook_deliveries (hook, sequence, object, attempts, first_at, next_at, parked, replay)
      SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (hook, sequence) DO UPDATE SET object = excluded.object, attempts = excluded.attempts,
        first_at = excluded.first_at, next_at = excluded.next_at, parked = excluded.parked, replay = excluded.replay
      """
    ) {
      $0.add(text: webhook)
      $0.add(integers: rows.map(\.sequence))
      $0.add(ids: rows.map(\.object))
      $0.add(integers: rows.map { Int64($0.attempts) })
      $0.add(.integer, ofEach: rows) { $0.add(integer: $1.firstAt) }
      $0.add(integers: rows.map(\.nextAt))
      $0.add(.truth, ofEach: rows) { $0.add(isTrue: $1.isParked) }
      $0.add(.truth, ofEach: rows) { $0.add(isTrue: $1.isReplay) }
    }
  }

  /// Writes over the oldest ones.
  private func note(_ rows: [WebhookAttempt], of webhook: String, in pipeline: inout PostgresPipeline) {
    if rows.isEmpty { return }
    pipeline.add(
      """
      INSERT INTO \(schema.name).hook_log (hook, slot, number, sequence, object, attempt, at, status, milliseconds,
        problem, answer)
      SELECT h.name, (h.logged + a.i - 1) % \(WebhookAttempt.kept), h.logged + a.i - 1, a.sequence, a.object,
        a.attempt, a.at, a.status, a.milliseconds, a.problem, a.answer
      FROM \(schema.name).hooks h, unnest($2, $3, $4, $5, $6, $7, $8, $9)
        WITH ORDINALITY AS a(sequence, object, attempt, at, status, milliseconds, problem, answer, i)
      WHERE h.name = $1
      ON CONFLICT (hook, slot) DO UPDATE SET number = excluded.number, sequence = excluded.sequence,
        object = excluded.object, attempt = excluded.attempt, at = excluded.at, status = excluded.status,
        milliseconds = excluded.milliseconds, problem = excluded.problem, answer = excluded.answer
      """
    ) {
      $0.add(text: webhook)
      $0.add(integers: rows.map(\.sequence))
      $0.add(ids: rows.map(\.object))
      $0.add(integers: rows.map { Int64($0.attempt) })
      $0.add(integers: rows.map(\.at))
      $0.add(.integer, ofEach: rows) { $0.add(integer: $1.status.map { Int64($0) }) }
      $0.add(integers: rows.map { Int64($0.milliseconds) })
      $0.add(.text, ofEach: rows) { $0.add(text: $1.problem) }
      $0.add(.bytes, ofEach: rows) { $0.add(bytes: Array($1.answer.prefix(WebhookAttempt.answerBytes))) }
    }
    pipeline.add("UPDATE \(schema.name).hooks SET logged = logged + $2 WHERE name = $1") {
      $0.add(text: webhook)
      $0.add(integer: Int64(rows.count))
    }
  }
}
