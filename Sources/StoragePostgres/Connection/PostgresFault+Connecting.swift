import CPostgres
import Wire

/// Why there is no connection, said so that whoever runs the server knows what to change.
extension PostgresFault {
  /// Who wanted to connect where.
  struct Target {
    let host: String
    let user: String
    let database: String

    /// `handle` was asked to connect.
    init(_ handle: OpaquePointer?, _ host: PostgresAddress.Host) {
      func text(_ words: UnsafeMutablePointer<CChar>?) -> String { words.map { String(cString: $0) } ?? "" }
      // Where the address leaves it to libpq, libpq knows what it chose.
      self.host =
        host.name.isEmpty
        ? PostgresAddress.Host(name: text(PQhost(handle)), port: host.port).description
        : host.description
      user = text(PQuser(handle))
      database = text(PQdb(handle))
    }
  }

  static func noConnection(_ handle: OpaquePointer?, to target: Target) -> PostgresFault {
    let words = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let state = state(in: words)
    return PostgresFault(.connecting, state: state, sentence(state, words, target))
  }

  static func silent(_ target: Target, seconds: Int64) -> PostgresFault {
    PostgresFault(
      .connecting,
      "The database at \(target.host) did not answer within \(seconds) s. Is the address right, and is a firewall between?"
    )
  }

  /// libpq gives no state of a connection that was refused, but prints it where it is asked for long texts:
  /// `FATAL:  28P01: password …`. The word in front depends on the server's language, the state does not.
  static func state(in words: String) -> SQLState? {
    for part in words.split(separator: "  ").dropFirst() {
      let letters = part.utf8.prefix(6)
      guard letters.count == 6, letters.last == UInt8(ascii: ":") else { continue }
      let code = letters.dropLast()
      let isState = code.allSatisfy { byte in
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
      }
      if isState { return SQLState(rawValue: String(decoding: code, as: UTF8.self)) }
    }
    return nil
  }

  private static func sentence(_ state: SQLState?, _ words: String, _ target: Target) -> String {
    let (host, user, database) = (target.host, target.user, target.database)
    switch state {
    case .wrongPassword?:
      return "The database at \(host) does not take this password of the user «\(user)». Give the right one in the "
        + "storage address, in PGPASSWORD or in the file that PGPASSFILE names."
    case .notLetIn?:
      return
        "The database at \(host) does not let the user «\(user)» in: \(Sentence.ended(said(words))) Its pg_hba.conf "
        + "says who may connect from where."
    case .noSuchDatabase?:
      return "There is no database «\(database)» at \(host). Make it with: createdb --owner \(user) \(database)"
    case .noRight?:
      return
        "The user «\(user)» may not connect to the database «\(database)» at \(host). As its owner: GRANT CONNECT ON "
        + "DATABASE \(database) TO \(user)"
    case .tooManyConnections?:
      return
        "The database at \(host) has no connection left: \(Sentence.ended(said(words))) Raise its max_connections, "
        + "or run fewer nodes: each takes up to \(PostgresPool.Limits.standard.sum)."
    case .startingUp?: return "The database at \(host) starts up or shuts down: \(Sentence.ended(said(words)))"
    case let other?:
      return "The database at \(host) refuses the connection (SQLSTATE \(other.rawValue)): "
        + Sentence.ended(said(words))
    case nil: return unreachable(words, target)
    }
  }

  /// The server never spoke.
  private static func unreachable(_ words: String, _ target: Target) -> String {
    let host = target.host
    if words.contains("no password supplied") {
      return
        "The database at \(host) asks for the password of the user «\(target.user)», and there is none. Give it in "
        + "the storage address, in PGPASSWORD or in the file that PGPASSFILE names."
    }
    if words.contains("could not translate host name") { return "There is no host \(host): its name is not known." }
    if words.contains("Connection refused") || words.contains("No such file or directory") {
      return "No database listens at \(host). Is it started, and are host and port right?"
    }
    return "The database at \(host) cannot be reached: \(Sentence.ended(said(words)))"
  }

  /// The message in libpq's long text, without its state and where in the server's source it comes from.
  private static func said(_ words: String) -> String {
    let line = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? words
    guard let state = state(in: words), let found = line.firstRange(of: "\(state.rawValue): ") else { return line }
    return String(line[found.upperBound...])
  }
}
