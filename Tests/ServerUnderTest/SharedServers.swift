import Glibc
import Synchronization

/// Servers in static properties: those are never let go of, so they are ended when the process exits.
enum SharedServers {
  private static let servers = Mutex<[ServerUnderTest]>([])
  private static let registered: Bool = atexit { SharedServers.end() } == 0

  static func add(_ server: ServerUnderTest) {
    precondition(registered, "a server that outlives its tests would hold ports and files")
    servers.withLock { $0.append(server) }
  }

  private static func end() {
    for server in servers.withLock({ $0 }) {
      server.kill()
      server.directory.remove()
    }
  }
}
