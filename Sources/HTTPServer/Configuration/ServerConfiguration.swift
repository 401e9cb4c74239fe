import Threads
import Wire

/// What a server is started with.
package struct ServerConfiguration: Sendable {
  package var listeners: [Listener]
  /// Needed where a listener speaks https.
  package var identity: TLSIdentity?
  package var limits = TransportLimits()
  /// Peers whose `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` are believed.
  package var trustedProxies: [NetworkRange] = []
  /// Threads that serve connections, per listening address.
  package var threads = OwnThread.processors
  /// Whether answers are compressed for clients that accept it.
  package var compression = true
  /// Where large compressed answers wait until they are sent (files without a name).
  package var temporaryDirectory = "/tmp"

  /// How long a connection that rests stays open after the server has begun to end, in milliseconds. A proxy
  /// in front may be sending a request on it just then, and may not send that again when it is a `POST`.
  package var restMilliseconds = 2000
  /// Sockets that are open already, for listeners at their addresses. Each must be some listener's.
  package var inherited = InheritedSockets.none

  package init(listeners: [Listener], identity: TLSIdentity? = nil) {
    self.listeners = listeners
    self.identity = identity
  }
}
