import CPostgres
import Glibc

extension PostgresConnection {
  /// How long it may take to be connected, all hosts together.
  package static let openingPatience = Duration.seconds(10)
  private static let leastHostPatience = Duration.seconds(2)
  /// PostgreSQL 15.
  static let oldestVersion: Int32 = 150_000

  /// Connects to the first host that takes writes, beginning with the one of this index: the last that did.
  ///
  /// Names of hosts are looked up by the C library, whose own timeouts come on top.
  package static func open(
    _ address: PostgresAddress, as role: PostgresRole, within: Duration = openingPatience, beginningAt first: Int = 0,
    readSeconds: Int = PostgresRole.readSeconds
  ) throws(PostgresFault) -> PostgresConnection {
    var faults: [PostgresFault] = []
    let patience = max(leastHostPatience, within / address.hosts.count)
    for offset in address.hosts.indices {
      let index = (first + offset) % address.hosts.count
      do throws(PostgresFault) {
        return try connect(address, as: role, host: index, within: patience, readSeconds)
      } catch {
        faults.append(error)
      }
    }
    guard faults.count > 1 else { throw faults.first ?? .address("The storage address names no host.") }
    throw PostgresFault(
      .connecting, state: faults.lazy.compactMap(\.state).first,
      "None of the \(faults.count) hosts takes writes. " + faults.map(\.message).joined(separator: " "))
  }

  private static func connect(
    _ address: PostgresAddress, as role: PostgresRole, host index: Int, within: Duration, _ readSeconds: Int
  ) throws(PostgresFault) -> PostgresConnection {
    let settings = connectionSettings(address, as: role, host: address.hosts[index], readSeconds)
    guard let handle = start(settings) else {
      throw PostgresFault(.connecting, "There is no memory for a connection to the database.")
    }
    let target = PostgresFault.Target(handle, address.hosts[index])
    do throws(PostgresFault) {
      try finish(handle, target, within: within)
      try check(handle, target)
      guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
        throw PostgresFault.noConnection(handle, to: target)
      }
    } catch {
      PQfinish(handle)
      throw error
    }
    return PostgresConnection(handle, as: role, hostIndex: index, readSeconds: readSeconds)
  }

  /// Begins to connect. Errors are to name their state, which libpq does in long texts alone.
  private static func start(_ settings: [PostgresAddress.Setting]) -> OpaquePointer? {
    let words: [UnsafeMutablePointer<CChar>?] = settings.flatMap { [strdup($0.name), strdup($0.value)] }
    defer { for word in words { free(word) } }
    var names: [UnsafePointer<CChar>?] = stride(from: 0, to: words.count, by: 2).map { UnsafePointer(words[$0]) }
    var values: [UnsafePointer<CChar>?] = stride(from: 1, to: words.count, by: 2).map { UnsafePointer(words[$0]) }
    names.append(nil)
    values.append(nil)
    let handle = PQconnectStartParams(names, values, 0)
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    // Until there is somebody to listen: libpq prints what it is told to standard error.
    PQsetNoticeReceiver(handle, { _, _ in }, nil)
    return handle
  }

  private static func connectionSettings(
    _ address: PostgresAddress, as role: PostgresRole, host: PostgresAddress.Host, _ readSeconds: Int
  ) -> [PostgresAddress.Setting] {
    typealias Setting = PostgresAddress.Setting
    let given = address.settings.first { $0.name == "options" }.map { $0.value + " " } ?? ""
    let options = role.settings(readSeconds: readSeconds).map { "-c \($0.name)=\($0.value)" }.joined(separator: " ")
    var settings = [
      Setting(name: "fallback_application_name", value: "sojourn \(role.name)"),
      Setting(name: "keepalives_idle", value: "5"), Setting(name: "keepalives_interval", value: "2"),
      Setting(name: "keepalives_count", value: "3"), Setting(name: "tcp_user_timeout", value: "10000"),
    ]
    settings += address.settings.filter { !["options", "client_encoding"].contains($0.name) }
    settings += [Setting(name: "options", value: given + options), Setting(name: "client_encoding", value: "UTF8")]
    if !host.name.isEmpty { settings.append(Setting(name: "host", value: host.name)) }
    if !host.port.isEmpty { settings.append(Setting(name: "port", value: host.port)) }
    return settings
  }

  private static func finish(
    _ handle: OpaquePointer, _ target: PostgresFault.Target, within: Duration
  ) throws(PostgresFault) {
    let deadline = ContinuousClock.now + within
    guard PQstatus(handle) != CONNECTION_BAD else { throw .noConnection(handle, to: target) }
    var event = PostgresSocket.Event.writing
    while true {
      guard PostgresSocket.wait(handle, for: event, until: deadline) else {
        throw .silent(target, seconds: within.components.seconds)
      }
      switch PQconnectPoll(handle) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: event = .reading
      case PGRES_POLLING_WRITING: event = .writing
      default: throw .noConnection(handle, to: target)
      }
    }
  }

  /// What the server has said of itself, unasked.
  private static func check(_ handle: OpaquePointer, _ target: PostgresFault.Target) throws(PostgresFault) {
    func said(_ name: String) -> String? { PQparameterStatus(handle, name).map { String(cString: $0) } }
    guard PQserverVersion(handle) >= oldestVersion else {
      throw PostgresFault(
        .connecting, state: .featureNotSupported,
        "The database at \(target.host) is PostgreSQL \(said("server_version") ?? "of an unknown version"); Sojourn needs "
          + "15 or later.")
    }
    if said("in_hot_standby") == "on" || said("default_transaction_read_only") == "on" {
      throw PostgresFault(
        .connecting, state: .readOnly,
        "The database at \(target.host) takes no writes: it is a standby, or was set to read only. Name the primary in the "
          + "storage address, or all servers between commas.")
    }
    guard said("server_encoding") == "UTF8" else {
      throw PostgresFault(
        .connecting,
        "The database «\(target.database)» at \(target.host) keeps texts as \(said("server_encoding") ?? "unknown"). Make "
          + "it anew with: createdb --encoding UTF8 --template template0 --owner \(target.user) \(target.database)")
    }
  }
}
