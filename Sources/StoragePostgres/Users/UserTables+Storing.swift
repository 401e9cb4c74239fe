import Storage
import Wire

extension UserTables {
  /// Writes what differs from `old`.
  func store(_ record: UserRecord, over old: UserRecord?, in pipeline: inout PostgresPipeline) {
    if old == nil || record.isLocked != old?.isLocked {
      pipeline.add(
        """
        INSERT INTO \(schema.name).users (id, locked) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET locked = excluded.locked
        """
      ) {
        $0.add(id: record.id)
        $0.add(isTrue: record.isLocked)
      }
    }
    for (index, session) in record.sessions.enumerated() where old?.session(session.id) != session {
      store(session, number: index + 1, of: record.id, in: &pipeline)
    }
  }

  /// Sessions are never removed, so that one's number stays.
  private func store(
    _ session: UserSession, number: Int, of user: ObjectID, in pipeline: inout PostgresPipeline
  ) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).sessions (id, app_user, n, state, created_at, last_authenticated_at, signed_out_at,
        last_connected_at, secret_hash, device_id, device, container, runtime, label, sync_status)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT (id) DO UPDATE SET state = $4, created_at = $5, last_authenticated_at = $6, signed_out_at = $7,
        last_connected_at = $8, secret_hash = $9, device_id = $10, device = $11, container = $12, runtime = $13,
        label = $14, sync_status = $15
      """
    ) {
      $0.add(id: session.id)
      $0.add(id: user)
      $0.add(integer: Int64(number))
      $0.add(text: session.state.rawValue)
      $0.add(instant: session.times.createdAt)
      $0.add(instant: session.times.lastAuthenticatedAt)
      $0.add(instant: session.times.signedOutAt)
      $0.add(instant: session.times.lastConnectedAt)
      $0.add(bytes: session.secretHash)
      let about = session.about
      for words in [about.deviceID, about.device, about.container, about.runtime, about.label, session.syncStatus] {
        $0.add(bytes: words.map { Array($0.utf8) })
      }
    }
  }

  func note(_ connections: [(session: ObjectID, at: Instant)], in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      UPDATE \(schema.name).sessions s SET last_connected_at = c.at FROM unnest($1, $2) AS c(id, at) WHERE s.id = c.id
      """
    ) {
      $0.add(ids: connections.map(\.session))
      $0.add(integers: connections.map(\.at.secondsSince1970))
    }
  }

  func store(_ token: EnrolmentToken, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).enrolment_tokens (hash, app_user, expires_at, used_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (hash) DO UPDATE SET app_user = $2, expires_at = $3, used_at = $4
      """
    ) {
      $0.add(bytes: token.hash)
      $0.add(id: token.user)
      $0.add(instant: token.expiresAt)
      $0.add(instant: token.usedAt)
    }
  }

  func forgetTokens(expiredBefore horizon: Instant, in pipeline: inout PostgresPipeline) {
    pipeline.add("DELETE FROM \(schema.name).enrolment_tokens WHERE expires_at < $1") { $0.add(instant: horizon) }
  }
}
