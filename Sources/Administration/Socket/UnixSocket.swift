import Glibc
import Wire

/// A socket in the file system: the way between a command and the server that has its data directory.
package struct UnixSocket {
  let descriptor: OwnedDescriptor

  /// Requests carry a data model of at most 5 MB, escaped.
  static let limit = 32 << 20
  /// Seconds that a command waits for the server's answer: making an index of a large table takes its time.
  private static let patienceOfCommands = 60
  /// Seconds that the server gives a command for its whole request, and for taking its whole answer.
  private static let patienceOfServers = 5

  private let patience: Int

  /// Listens; what lay at the path is removed. Only the owner may connect.
  package static func listening(at path: String) throws(Fault) -> UnixSocket {
    unlink(path)
    let opened = try UnixSocket()
    let mask = umask(0o177)
    defer { umask(mask) }
    guard try withAddress(path, { bind(opened.descriptor.number, $0, $1) }) == 0,
      listen(opened.descriptor.number, 128) == 0
    else { throw Fault("The socket \(path) cannot be made: \(String(cString: strerror(errno))).") }
    return opened
  }

  /// Nil where nobody listens.
  package static func connected(to path: String) throws(Fault) -> UnixSocket? {
    let opened = try UnixSocket()
    return try withAddress(path, { connect(opened.descriptor.number, $0, $1) }) == 0 ? opened : nil
  }

  /// Waits for the next one who connects; nil when the socket was shut down.
  package func accepted() -> UnixSocket? {
    while true {
      let number = accept(descriptor.number, nil, nil)
      if number >= 0 { return UnixSocket(number, patience: Self.patienceOfServers) }
      if errno != EINTR && errno != ECONNABORTED && errno != EMFILE { return nil }
      if errno == EMFILE { usleep(100_000) }
    }
  }

  /// The process at the other end, as the kernel knows it.
  package struct Peer: Sendable, Equatable {
    package let user: UInt32
    package let process: Int32
  }

  /// Nil where the kernel does not tell.
  package var peer: Peer? {
    // `struct ucred`, which the C library shows only to GNU sources: process, user, group.
    var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
    return Peer(user: credentials.1, process: credentials.0)
  }

  package func shutDown() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }
  /// The other side's bytes end here, as if it had closed; what goes out is not touched.
  package func shutDownReading() { shutdown(descriptor.number, Int32(SHUT_RD)) }

  package struct Fault: ExplainedError {
    package let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  private init() throws(Fault) {
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard number >= 0 else { throw Fault("No socket can be made: \(String(cString: strerror(errno))).") }
    self.init(number, patience: Self.patienceOfCommands)
  }

  private init(_ number: Int32, patience: Int) {
    descriptor = OwnedDescriptor(number)
    self.patience = patience
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  /// Waits until the socket is ready for `events`; false when the time is over.
  private func isReady(_ events: Int32, before end: ContinuousClock.Instant) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return false }
      var polled = pollfd(fd: descriptor.number, events: Int16(events), revents: 0)
      let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      let count = poll(&polled, 1, Int32(clamping: milliseconds + 1))
      if count > 0 { return true }
      if count < 0, errno != EINTR { return false }
    }
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(Fault) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Fault("The path \(path) is too long for a socket: at most 107 bytes. Choose a shorter data directory.")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Sends all and says that nothing follows; false when the other side does not take it in time.
  package func send(_ bytes: [UInt8]) -> Bool {
    let end = ContinuousClock.now + .seconds(patience)
    var offset = 0
    while offset < bytes.count {
      guard isReady(POLLOUT, before: end) else { return false }
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count <= 0 { return false }
      offset += count
    }
    return shutdown(descriptor.number, Int32(SHUT_WR)) == 0
  }

  /// All that the other side sends; nil when that is not whole in time, or more than `limit`.
  package func receive() -> [UInt8]? {
    let end = ContinuousClock.now + .seconds(patience)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      guard isReady(POLLIN, before: end) else { return nil }
      let count = recv(descriptor.number, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > Self.limit { return nil }
    }
  }
}
