/// What a connection is for. It decides the session's settings, how long a pipeline may take, and which part of the
/// pool the connection is of.
package enum PostgresRole: Int, Sendable, CaseIterable {
  case reader, writer, listener, notifier, administrator

  /// As connections are named in `pg_stat_activity`, metrics and errors.
  package var name: String {
    switch self {
    case .reader: "reader"
    case .writer: "writer"
    case .listener: "listener"
    case .notifier: "notifier"
    case .administrator: "administrator"
    }
  }

  /// How long the server may work on a statement of a reader, unless an operator says otherwise. Those of others have no
  /// limit, since a statement that is stopped is no commit that is.
  package static let readSeconds = 20

  /// After which a pipeline without a time of its own counts as lost.
  func patience(readSeconds: Int) -> Duration {
    switch self {
    // The server says by itself when a statement has run too long; this is for one that says nothing.
    case .reader: .seconds(readSeconds + 5)
    case .writer, .listener, .notifier: .seconds(10)
    case .administrator: .seconds(600)
    }
  }

  /// The settings of the session. They go with the request for a connection, where they beat what was set for the
  /// role, the database and the server, and cost no round trip.
  func settings(readSeconds: Int) -> [(name: String, value: String)] {
    Self.shared + own(readSeconds: readSeconds)
  }

  /// Names are written out in all SQL, so nothing that somebody puts into a path is ever called. Nobody may hold a
  /// lock and rest. What the server cannot deliver to a node that is gone ends the session.
  private static let shared: [(name: String, value: String)] = [
    ("search_path", ""), ("client_min_messages", "warning"), ("lock_timeout", "5000"),
    ("idle_in_transaction_session_timeout", "5000"), ("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "10000"), ("default_transaction_isolation", "read\\ committed"),
    // Compiling a statement pays for long reports; here it cost every group 8 ms.
    ("jit", "off"),
  ]

  private func own(readSeconds: Int) -> [(name: String, value: String)] {
    switch self {
    case .reader:
      // A pipeline without BEGIN is a transaction, and shows one state. What stays open locks nobody out who writes, and
      // may rest while much is rendered.
      [
        ("idle_in_transaction_session_timeout", "\(readSeconds * 1000)"),
        ("statement_timeout", "\(readSeconds * 1000)"), ("client_connection_check_interval", "1000"),
        ("default_transaction_isolation", "repeatable\\ read"), ("extra_float_digits", "1"),
      ]
    case .writer:
      // Statements by key alone: one that was prepared while its table was small must not scan the grown one.
      // And none is worth a plan of its own for each run: PostgreSQL reckons that an array of few elements is, and takes
      // longer for the plan than for the rows.
      [
        ("statement_timeout", "0"), ("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"),
        ("plan_cache_mode", "force_generic_plan"),
      ]
    case .notifier: [("statement_timeout", "5000"), ("synchronous_commit", "off")]
    case .listener, .administrator: [("statement_timeout", "0")]
    }
  }
}
