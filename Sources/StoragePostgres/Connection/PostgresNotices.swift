import CPostgres

/// What the server says besides answers: warnings, and that it ends the session.
///
/// libpq calls it on the thread that reads, which is the one that has the connection.
final class PostgresNotices {
  /// The last warning since `clear`.
  private(set) var warning: PostgresFault?
  /// The words with which the server ended the session.
  private(set) var ending: PostgresFault?

  func clear() { warning = nil }

  /// It must live as long as the handle.
  func listen(to handle: OpaquePointer) {
    PQsetNoticeReceiver(
      handle,
      { context, result in
        guard let context else { return }
        Unmanaged<PostgresNotices>.fromOpaque(context).takeUnretainedValue().note(result)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func note(_ result: OpaquePointer?) {
    switch PQresultErrorField(result, sojourn_pq_severity).map({ String(cString: $0) }) {
    case "WARNING": warning = PostgresFault(result)
    case "FATAL", "PANIC": ending = PostgresFault(result)
    default: return
    }
  }
}
