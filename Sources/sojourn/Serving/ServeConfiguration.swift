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
    configuration.limits.body = command.bytes("body-limit") ?? configuration.limits.body
    configuration.limits.bodyMemory = max(configuration.limits.bodyMemory, configuration.limits.body * 2)
    // They are what each connection's memory is made of (`TransportLimits.connectionMemory`).
    configuration.limits.head = command.bytes("head-limit") ?? configuration.limits.head
    configuration.limits.requestLine = command.bytes("request-line-limit") ?? configuration.limits.requestLine
    configuration.limits.idleSeconds = command.seconds("idle-timeout") ?? configuration.limits.idleSeconds
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
