import CMicrohttpd
import Glibc
import Wire

/// Listening sockets that whoever started the process has open already, as systemd's socket units pass them:
/// `LISTEN_FDS` says how many, from descriptor 3 on, and `LISTEN_PID` whom they are for.
///
/// They stay open while one process ends and the next one starts, so that nobody is refused meanwhile.
package struct InheritedSockets: Sendable, Equatable {
  package struct Socket: Sendable, Equatable {
    let descriptor: Int32
    let address: NetworkAddress
    let port: UInt16
  }

  private var sockets: [Socket]

  package static let none = InheritedSockets([])

  package init(_ sockets: [Socket]) { self.sockets = sockets }

  /// Those that are for this process. The variables are removed: they are not for its children.
  package static func ofThisProcess() -> InheritedSockets {
    let numbers = descriptors(
      count: getenv("LISTEN_FDS").map { String(cString: $0) },
      process: getenv("LISTEN_PID").map { String(cString: $0) },
      own: getpid())
    for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { unsetenv(name) }
    return InheritedSockets(numbers.compactMap(Socket.init(listening:)))
  }

  /// The rule for the two variables.
  static func descriptors(count: String?, process: String?, own: pid_t) -> Range<Int32> {
    guard let process, Int32(process) == own, let count, let count = Int32(count), (1...64).contains(count) else {
      return 3..<3
    }
    return 3..<3 + count
  }

  /// Takes the socket at an address out; nil where there is none.
  mutating func take(_ address: NetworkAddress, port: UInt16) -> Int32? {
    guard let index = sockets.firstIndex(where: { $0.address == address && $0.port == port }) else { return nil }
    return sockets.remove(at: index).descriptor
  }

  /// One that nobody has taken, in words.
  var untaken: String? { sockets.first.map { "\($0.address) port \($0.port)" } }
}

extension InheritedSockets.Socket {
  /// Nil where `number` is no TCP socket that listens.
  init?(listening number: Int32) {
    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening != 0 else {
      return nil
    }
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let found: (NetworkAddress, UInt16)? = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        guard getsockname(number, raw, &size) == 0, let address = NetworkAddress(raw) else { return nil }
        // The port lies at the same offset in the addresses of both families.
        let port = UnsafeRawPointer(raw).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        return (address, UInt16(bigEndian: port))
      }
    }
    guard let found else { return nil }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    descriptor = number
    (address, port) = found
  }
}
