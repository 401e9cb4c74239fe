import CPostgres
import Glibc
import Wire

/// Where a database is, as `postgresql://user:password@host:port/database?setting=value` says it. Several hosts stand
/// between commas; the first of them that takes writes is used.
///
/// It never prints its password, and no error does.
package struct PostgresAddress: Sendable {
  /// Where one server listens. Empty parts are libpq's to fill in: the socket in its folder, port 5432.
  package struct Host: Sendable, Equatable {
    package let name: String
    package let port: String
  }

  package let hosts: [Host]
  /// Nil where the address leaves it to libpq: `PGUSER`, then the name of the user that runs the process.
  package let user: String?
  /// Nil where it has the user's name.
  package let database: String?
  /// What else libpq is told, the password among it.
  let settings: [Setting]

  struct Setting: Sendable, Equatable {
    let name: String
    let value: String
  }

  /// Whether all that it leads to is on this machine, as far as the names say.
  var isOnThisMachine: Bool {
    func inEnvironment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    let address = settings.first { $0.name == "hostaddr" }?.value ?? inEnvironment("PGHOSTADDR")
    return (address.map { [$0] } ?? hosts.map(\.name)).allSatisfy { name in
      let name = name.isEmpty ? inEnvironment("PGHOST") ?? "/" : name
      return name.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(name)
    }
  }

  package static let mostBytes = 4096
  package static let mostHosts = 16
  private static let secrets: Set<String> = ["password", "sslpassword"]

  /// - Throws: a fault of the kind `address`, with a sentence.
  package init(_ text: String) throws(PostgresFault) {
    guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
      throw .address("The storage address must begin with postgresql://, as postgresql://user@host:5432/database does.")
    }
    guard text.utf8.count <= Self.mostBytes, !text.utf8.contains(0) else {
      throw .address("The storage address may have up to \(Self.mostBytes) bytes, none of them zero.")
    }
    let parts = try Self.parse(text)
    hosts = try Self.hosts(parts)
    user = parts.first { $0.name == "user" }?.value
    database = parts.first { $0.name == "dbname" }?.value
    if let wish = parts.first(where: { $0.name == "target_session_attrs" })?.value,
      !["any", "read-write", "primary"].contains(wish)
    {
      throw .address(
        "A server of Sojourn writes: in the storage address, target_session_attrs must be read-write or left out, not "
          + "«\(CutText.cut(wish))».")
    }
    // Hosts are tried one by one, each with its share of the time, which libpq cannot do without blocking.
    settings = parts.filter { !["host", "port", "target_session_attrs", "connect_timeout"].contains($0.name) }
  }

  /// What libpq finds in it. Its own words may repeat the password, and are never shown.
  private static func parse(_ text: String) throws(PostgresFault) -> [Setting] {
    var words: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &words) else {
      let said = words.map { String(cString: $0) } ?? ""
      PQfreemem(words)
      throw .address(Self.sentence(for: said))
    }
    defer { PQconninfoFree(options) }
    var parts: [Setting] = []
    var option = options
    while let name = option.pointee.keyword {
      if let value = option.pointee.val {
        parts.append(Setting(name: String(cString: name), value: String(cString: value)))
      }
      option += 1
    }
    return parts
  }

  private static func sentence(for said: String) -> String {
    let cause =
      if said.contains("invalid URI query parameter") {
        "it names a setting that PostgreSQL's connections do not have"
      } else if said.contains("percent-encoded") {
        "a % must be followed by two hex digits; a % in a password is written as %25"
      } else {
        "it is not of the form postgresql://user:password@host:5432/database"
      }
    return "The storage address cannot be read: \(cause). Letters such as @, / and : in a password are written as %40, "
      + "%2F and %3A."
  }

  private static func hosts(_ parts: [Setting]) throws(PostgresFault) -> [Host] {
    func list(_ name: String) -> [String] {
      let value = parts.first { $0.name == name }?.value ?? ""
      return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = list("host")
    let ports = list("port")
    guard names.count <= mostHosts else {
      throw .address("The storage address names \(names.count) hosts; up to \(mostHosts) may be named.")
    }
    guard ports.count <= 1 || ports.count == names.count else {
      throw .address(
        "The storage address names \(names.count) hosts and \(ports.count) ports: give each host its port.")
    }
    for port in ports where !port.isEmpty {
      guard let number = Int(port), (1...65_535).contains(number) else {
        throw .address("The storage address names the port «\(CutText.cut(port))»; a port is a number from 1 to 65535.")
      }
    }
    return names.enumerated().map { index, name in
      Host(name: name, port: ports.count > 1 ? ports[index] : ports.first ?? "")
    }
  }
}

extension PostgresAddress: CustomStringConvertible {
  /// The address without what is secret in it.
  package var description: String {
    let user = user.map { PercentText.encode($0) + "@" } ?? ""
    let isFolder = hosts.contains { $0.name.hasPrefix("/") }
    let places = isFolder ? [] : hosts.map(\.description)
    var more: [String] = isFolder ? hosts.map { "host=\(PercentText.encode($0.name))" } : []
    if isFolder, let port = hosts.first?.port, !port.isEmpty { more.append("port=\(port)") }
    for setting in settings where !Self.secrets.contains(setting.name) && !["user", "dbname"].contains(setting.name) {
      more.append("\(setting.name)=\(PercentText.encode(setting.value))")
    }
    let query = more.isEmpty ? "" : "?" + more.joined(separator: "&")
    return "postgresql://\(user)\(places.joined(separator: ","))/\(PercentText.encode(database ?? ""))\(query)"
  }
}

extension PostgresAddress.Host: CustomStringConvertible {
  /// As people write it.
  package var description: String {
    if name.hasPrefix("/") { return port.isEmpty ? "the socket in \(name)" : "the socket of port \(port) in \(name)" }
    let name = name.contains(":") ? "[\(name)]" : name
    return port.isEmpty ? name : "\(name):\(port)"
  }
}

// So that no debugger's or logger's dump of the value shows the password.
extension PostgresAddress: CustomDebugStringConvertible, CustomReflectable {
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
