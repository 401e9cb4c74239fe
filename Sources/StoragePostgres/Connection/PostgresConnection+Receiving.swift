import CPostgres

extension PostgresConnection {
  /// Reads the answers up to the Sync, whatever they are, so that the next pipeline finds the connection at rest.
  func receive(
    _ expected: [PostgresSending.Expected], of pipeline: PostgresPipeline, until deadline: ContinuousClock.Instant
  ) throws(PostgresFault) -> [PostgresResult] {
    var results: [PostgresResult] = []
    results.reserveCapacity(pipeline.count)
    var refusal: PostgresFault?
    for one in expected {
      let answer = try answer(until: deadline)
      switch (one, answer) {
      case (.answer, .result(let result)): results.append(result)
      case (.preparation, .result): break
      case (.preparation(let index), .refused), (.preparation(let index), .skipped):
        prepared.forget(pipeline.statements[index].sql)
      case (.answer, .refused), (.answer, .skipped): break
      }
      if case .refused(var fault) = answer, refusal == nil {
        let index = one.statement
        fault.statement = index
        fault.sql = String(pipeline.statements[index].sql.prefix(200))
        refusal = fault
      }
    }
    let late = try receiveSync(until: deadline)
    if let refusal = refusal ?? late { throw refusal }
    return results
  }

  private enum Answer {
    case result(PostgresResult)
    case refused(PostgresFault)
    /// A statement before it was refused.
    case skipped
  }

  /// What came of one message: a result, then nothing.
  private func answer(until deadline: ContinuousClock.Instant) throws(PostgresFault) -> Answer {
    guard let pointer = try next(until: deadline) else { throw unfitting("no result") }
    let result = PostgresResult(pointer)
    let answer: Answer
    switch PQresultStatus(pointer) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: answer = .result(result)
    case PGRES_PIPELINE_ABORTED: answer = .skipped
    case PGRES_FATAL_ERROR:
      let fault = PostgresFault(pointer)
      if fault.isConnectionLost { throw ending(or: fault) }
      answer = .refused(fault)
    case let status: throw unfitting("a result of the status \(status.rawValue)")
    }
    guard try next(until: deadline) == nil else { throw unfitting("a result too many") }
    return answer
  }

  /// Reads up to the Sync. What was put off to the end of the pipeline's own transaction can be refused there.
  private func receiveSync(until deadline: ContinuousClock.Instant) throws(PostgresFault) -> PostgresFault? {
    var refusal: PostgresFault?
    // A refusal, an end of that, and the Sync: more is none of it.
    for _ in 0..<3 {
      guard let pointer = try next(until: deadline) else { continue }
      let result = PostgresResult(pointer)
      switch PQresultStatus(result.pointer) {
      case PGRES_PIPELINE_SYNC: return refusal
      case PGRES_FATAL_ERROR:
        let fault = PostgresFault(result.pointer)
        if fault.isConnectionLost { throw ending(or: fault) }
        refusal = fault
      case let status: throw unfitting("a result of the status \(status.rawValue)")
      }
    }
    throw unfitting("no end of a pipeline")
  }

  /// libpq's next result, as soon as it is complete.
  private func next(until deadline: ContinuousClock.Instant) throws(PostgresFault) -> OpaquePointer? {
    guard let handle else { throw PostgresFault(.lost, "it was closed before") }
    while PQisBusy(handle) == 1 {
      // Reading goes on while writing waits: a pipeline longer than both sockets' buffers would block both ends.
      let unsent = PQflush(handle)
      guard unsent >= 0 else { throw lost() }
      guard wait(handle, for: unsent == 1 ? .either : .reading, until: deadline) else {
        throw PostgresFault(.late, "a pipeline of the \(role.name) had no answer when its time was over")
      }
      guard PQconsumeInput(handle) == 1 else { throw lost() }
    }
    return PQgetResult(handle)
  }

  /// As the socket's; tells the borrower on the way where it takes long.
  private func wait(
    _ handle: OpaquePointer, for event: PostgresSocket.Event, until deadline: ContinuousClock.Instant
  ) -> Bool {
    if let due = longWait, due < deadline {
      if PostgresSocket.wait(handle, for: event, until: due) { return true }
      longWait = nil
      onLongWait?.do()
    }
    return PostgresSocket.wait(handle, for: event, until: deadline)
  }

  /// Calls `body` with what was notified.
  private func takeNotifications(_ handle: OpaquePointer) -> [PostgresNotification] {
    var taken: [PostgresNotification] = []
    while let one = PQnotifies(handle) {
      taken.append(
        PostgresNotification(
          channel: String(cString: one.pointee.relname), text: String(cString: one.pointee.extra),
          sender: one.pointee.be_pid))
      PQfreemem(one)
    }
    return taken
  }

  /// What was notified on the channels that this session listens to, as soon as there is something; nothing when time
  /// is over.
  package func notifications(withinMilliseconds limit: Int) throws(PostgresFault) -> [PostgresNotification] {
    let deadline = ContinuousClock.now + .milliseconds(limit)
    while true {
      guard let handle else { throw PostgresFault(.lost, "it was closed before") }
      let taken = takeNotifications(handle)
      if !taken.isEmpty { return taken }
      guard PostgresSocket.wait(handle, for: .reading, until: deadline) else { return [] }
      guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK, notices.ending == nil else {
        let fault = lost()
        close()
        throw fault
      }
    }
  }

  /// The server's own words for the end, where it had any.
  private func ending(or fault: PostgresFault) -> PostgresFault {
    fault.state == nil ? notices.ending ?? fault : fault
  }

  private func lost() -> PostgresFault {
    ending(or: PostgresFault(.lost, PostgresFault.line(PQerrorMessage(handle))))
  }

  /// libpq and we count differently: nothing that follows could be trusted.
  private func unfitting(_ what: String) -> PostgresFault {
    PostgresFault(.lost, PQstatus(handle) == CONNECTION_OK ? "\(what) where another was due" : lost().message)
  }
}

extension PostgresSending.Expected {
  /// The index of the statement that it belongs to.
  fileprivate var statement: Int {
    switch self {
    case .preparation(let index), .answer(let index): index
    }
  }
}

/// What somebody said with `NOTIFY`.
package struct PostgresNotification: Sendable, Equatable {
  package let channel: String
  package let text: String
  /// The backend of who said it.
  package let sender: Int32
}
