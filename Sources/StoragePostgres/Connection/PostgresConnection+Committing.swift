/// How a commit ended.
package enum PostgresCommit {
  /// It is there, on the disk and at every standby that the server waits for.
  case done([PostgresResult])
  /// Nothing of the transaction is there. The connection is at rest.
  case refused(PostgresFault)
  /// It is there or not, and may still come. The connection is closed; the group's id is to be looked for.
  case unknown(PostgresFault)
}

extension PostgresConnection {
  /// Performs a pipeline whose last statement is COMMIT.
  ///
  /// PostgreSQL has no timeout for a commit that waits for a standby, so it has one here. A warning counts as doubt:
  /// with one it says that it waits no longer for the standby, and then `COMMIT` all the same.
  package func commit(_ pipeline: PostgresPipeline) -> PostgresCommit {
    assert(pipeline.statements.last?.sql == "COMMIT", "a pipeline that does not commit")
    do throws(PostgresFault) {
      let results = try perform(pipeline, within: Self.commitPatience)
      guard results.last?.tag == "COMMIT" else {
        return .refused(PostgresFault(.refused, "the transaction had failed before, and was rolled back"))
      }
      guard let warning = notices.warning else { return .done(results) }
      close()
      return .unknown(PostgresFault(.lost, state: warning.state, warning.message))
    } catch {
      if error.isConnectionLost { return .unknown(error) }
      guard isInTransaction else { return .refused(error) }
      // Sent and answered: not done. Where the way back is lost, the server rolls back by itself.
      try? rollback()
      return .refused(error)
    }
  }
}
