import CommandLineTable
import HTTPServer
import Wire

/// From the settings of `serve` to what the HTTP server is started with.
enum ServeConfiguration {
  static func read(_ command: ParsedCommand) throws -> ServerConfiguration {
    let proxies = try networks("trusted-proxy", command)
    let listeners = try command.listenAddresses("listen").map { address in
      if !address.isEncrypted, !address.isLoopback, proxies.isEmpty {
        throw command.usageError(
          "\(address) would send passwords in the clear",
          hint:
            "Listen on https, on a loopback address, or name the proxy in front with --trusted-proxy CIDR.")
      }
      return Listener(scheme: address.isEncrypted ? .https : .http, host: address.host, port: address.port)
    }
    var configuration = ServerConfiguration(listeners: listeners)
    configuration.trustedProxies = proxies
    configuration.limits.body = try bytes("body-limit", 1024...2_000_000_000, command)
    configuration.limits.bodyMemory = max(configuration.limits.bodyMemory, configuration.limits.body * 2)
    // They are what each connection's memory is made of (`TransportLimits.connectionMemory`).
    configuration.limits.head = try bytes("head-limit", 1024...98_304, command)
    configuration.limits.requestLine = try bytes("request-line-limit", 512...32_768, command)
    configuration.limits.idleSeconds = max(command.seconds("idle-timeout") ?? 75, 1)
    configuration.limits.connections = command.integer("connections") ?? 4096
    return configuration
  }

  static func networks(_ name: String, _ command: ParsedCommand) throws(UsageError) -> [NetworkRange] {
    var networks: [NetworkRange] = []
    for text in command.texts(name) {
      do throws(NetworkRange.Malformed) {
        networks.append(try NetworkRange(text))
      } catch {
        throw command.usageError("--\(name): \(error)")
      }
    }
    return networks
  }

  private static func bytes(
    _ name: String, _ range: ClosedRange<Int>, _ command: ParsedCommand
  ) throws(UsageError) -> Int {
    let given = command.bytes(name) ?? range.upperBound
    guard range.contains(given) else {
      throw command.usageError(
        "--\(name) takes \(range.lowerBound) to \(range.upperBound) bytes, not \(given)")
    }
    return given
  }

  /// Where the server says to be while no public URL is set: its first listener.
  static func ownURL(_ configuration: ServerConfiguration) -> String {
    guard let first = configuration.listeners.first else { return "" }
    let host = first.host.contains(":") ? "[\(first.host)]" : first.host
    return "\(first.scheme.rawValue)://\(host):\(first.port)"
  }

  /// Without a slash at the end; nil while it is not set.
  static func publicURL(_ command: ParsedCommand) -> String? {
    guard var url = command.text("public-url") else { return nil }
    while url.hasSuffix("/") { url.removeLast() }
    return url
  }
}
