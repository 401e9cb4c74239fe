import CMicrohttpd
import Glibc
import Wire

/// The calls from libmicrohttpd, led to the connection that they are about.
extension Endpoint {
  /// Lives as long as the process: libmicrohttpd keeps a pointer to it.
  static func makeEvents() -> UnsafePointer<sojourn_http_events> {
    let events = UnsafeMutablePointer<sojourn_http_events>.allocate(capacity: 1)
    events.initialize(
      to: sojourn_http_events(
        opened: { endpoint, _, descriptor, peer in
          guard let endpoint else { return nil }
          return Unmanaged<Endpoint>.fromOpaque(endpoint).takeUnretainedValue().opened(descriptor, peer)
        },
        closed: { context in
          guard let context else { return }
          let connection = Unmanaged<Connection>.fromOpaque(context).takeRetainedValue()
          connection.service.connections.remove(connection)
        },
        began: { context, target, length in
          guard let context else { return }
          Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
            $0.began(UnsafeRawBufferPointer(start: target, count: length))
          }
        },
        progressed: { context, raw, method, version, data, size in
          guard let context, let raw, let method, let version else { return false }
          return Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
            $0.progressed(
              raw, method: method, version: version, part: UnsafeRawBufferPointer(start: data, count: size))
          }
        },
        completed: { context, raw, whole in
          guard let context, let raw else { return }
          Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
            $0.completed(raw, whole: whole)
          }
        },
        refused: { context, raw, status in
          guard let context, let raw else { return false }
          return Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
            $0.refused(raw, status: Int(status))
          }
        },
        identity: { context in
          guard let context else { return nil }
          return Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.service.identity?.shown }
        }))
    return UnsafePointer(events)
  }

  private func opened(_ descriptor: Int32, _ peer: UnsafePointer<sockaddr>?) -> UnsafeMutableRawPointer {
    let connection = Connection(
      endpoint: self, descriptor: descriptor, peer: peer.flatMap { NetworkAddress($0) })
    let isWelcome = service.connections.insert(
      connection, now: Int64(Service.now() / 1_000_000), perAddress: service.limits.connectionsPerAddress)
    if !isWelcome { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }
    return Unmanaged.passRetained(connection).toOpaque()
  }
}
