import Glibc
import Wire

/// A socket in the file system: the way between a command and the server that has its data directory.
struct UnixSocket {
  let descriptor: OwnedDescriptor

  /// Requests carry a data model of at most 5 MB, escaped.
  static let limit = 32 << 20
  /// Seconds that one side waits for the other.
  private static let patience = 60

  /// Listens; what lay at the path is removed. Only the owner may connect.
  static func listening(at path: String) throws(Fault) -> UnixSocket {
    unlink(path)
    let opened = try UnixSocket()
    let mask = umask(0o177)
    defer { umask(mask) }
    guard try withAddress(path, { bind(opened.descriptor.number, $0, $1) }) == 0,
      listen(opened.descriptor.number, 16) == 0
    else { throw Fault("The socket \(path) cannot be made: \(String(cString: strerror(errno))).") }
    return opened
  }

  /// Nil where nobody listens.
  static func connected(to path: String) throws(Fault) -> UnixSocket? {
    let opened = try UnixSocket()
    return try withAddress(path, { connect(opened.descriptor.number, $0, $1) }) == 0 ? opened : nil
  }

  /// Waits for the next one who connects; nil when the socket was shut down.
  func accepted() -> UnixSocket? {
    while true {
      let number = accept(descriptor.number, nil, nil)
      if number >= 0 { return UnixSocket(number) }
      if errno != EINTR && errno != ECONNABORTED && errno != EMFILE { return nil }
      if errno == EMFILE { usleep(100_000) }
    }
  }

  func shutDown() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }

  struct Fault: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  private init() throws(Fault) {
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard number >= 0 else { throw Fault("No socket can be made: \(String(cString: strerror(errno))).") }
    self.init(number)
  }

  private init(_ number: Int32) {
    descriptor = OwnedDescriptor(number)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
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

  /// Sends all and says that nothing follows.
  func send(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress! + offset, $0.count - offset, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      offset += count
    }
    return shutdown(descriptor.number, Int32(SHUT_WR)) == 0
  }

  /// All that the other side sends; nil when it stalls or sends more than `limit`.
  func receive() -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor.number, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > Self.limit { return nil }
    }
  }
}
