import CPostgres
import Storage
import Wire

/// What went wrong between a node and its database.
package struct PostgresFault: Error, Sendable, Equatable {
  package enum Kind: Sendable {
    /// The address is none.
    case address
    /// There is no connection, and why. What was asked was not begun.
    case connecting
    /// The server said no to a statement. Nothing of the pipeline holds, except what a COMMIT in front of the
    /// statement has made last; the connection goes on, after a ROLLBACK where a transaction is open.
    case refused
    /// The connection ended before the answer. Whether the server did it is unknown.
    case lost
    /// No answer came in time. Whether the server did it, or still will, is unknown; the connection is closed.
    case late
  }

  package let kind: Kind
  /// Nil where the server had no word in it.
  package let state: SQLState?
  /// Of `address` and `connecting` a sentence; of others the server's or libpq's words.
  package let message: String
  package let detail: String?
  /// The name of the index or the rule that was violated.
  package let constraint: String?
  /// Which statement of the pipeline it was, from 0.
  package internal(set) var statement: Int?
  /// The beginning of that statement.
  package internal(set) var sql: String?

  init(
    _ kind: Kind, state: SQLState? = nil, _ message: String, detail: String? = nil, constraint: String? = nil
  ) {
    self.kind = kind
    self.state = state
    self.message = message
    self.detail = detail
    self.constraint = constraint
  }

  static func address(_ sentence: String) -> PostgresFault { PostgresFault(.address, sentence) }

  /// Whether what was sent may have been done or not, and the connection is closed.
  package var isConnectionLost: Bool { kind == .lost || kind == .late }
}

extension PostgresFault {
  /// What a result says that is an error.
  init(_ result: OpaquePointer?) {
    func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
    let severity = field(sojourn_pq_severity)
    let message = field(sojourn_pq_message) ?? Self.line(PQresultErrorMessage(result))
    // A server that ends the session says so as an error of the statement that runs.
    let isEnd = severity == "FATAL" || severity == "PANIC" || severity == nil
    self.init(
      isEnd ? .lost : .refused, state: field(sojourn_pq_state).map(SQLState.init(rawValue:)), message,
      detail: field(sojourn_pq_detail), constraint: field(sojourn_pq_constraint))
  }

  /// libpq's words on one line.
  static func line(_ words: UnsafePointer<CChar>?) -> String {
    guard let words else { return "" }
    return String(cString: words).split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension PostgresFault: ExplainedError {
  package var sentence: String {
    switch kind {
    case .address, .connecting: return message
    case .lost:
      return "The connection to the database was lost\(message.isEmpty ? "" : ": \(Sentence.ended(message))")"
        + (message.isEmpty ? "." : "")
    case .late: return Sentence.ended("The database did not answer in time: \(message)")
    case .refused: return Sentence.ended(refusal)
    }
  }

  private var refusal: String {
    switch state {
    case .diskFull?: "The disk of the database is full: \(message)"
    case .readOnly?:
      "The database takes no writes now: \(message). It is a standby, or was set to read only. Name the primary in the "
        + "storage address"
    case .noRight?: "The database's user lacks a right: \(message)"
    case .lockNotAvailable?: "Somebody else held a lock in the database for too long: \(message)"
    default: "The database refuses it: \(message)\(detail.map { " (\($0))" } ?? "")\(place)"
    }
  }

  private var place: String {
    let state = state.map { ", SQLSTATE \($0.rawValue)" } ?? ""
    return sql.map { "\(state), at: \($0)" } ?? state
  }
}

extension StorageError {
  /// What the contract of storage calls it.
  /// - Parameter readSeconds: after how long a statement that was stopped had run.
  package init(_ fault: PostgresFault, readSeconds: Int = PostgresRole.readSeconds) {
    // In the middle of another sentence.
    func words(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }
    switch fault.kind {
    case .address: self = .unusable(fault.message)
    case .connecting, .lost, .late: self = .unavailable(words(fault.sentence))
    case .refused:
      switch (fault.state, fault.state?.group) {
      case (.lockNotAvailable?, _), (_, "40"?), (.tooManyConnections?, _): self = .busy
      case (.programLimit?, _): self = .rowTooLarge
      case (.canceled?, _): self = .timeLimit(seconds: readSeconds)
      case (.readOnly?, _), (_, "53"?), (_, "57"?), (_, "58"?), (_, "08"?): self = .unavailable(words(fault.sentence))
      case (.noRight?, _): self = .unusable(fault.sentence)
      default: self = .broken(words(fault.sentence))
      }
    }
  }
}
