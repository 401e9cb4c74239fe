import Glibc
import ServerUnderTest

/// A socket that listens at 127.0.0.1, at a port that the system chose.
struct LocalListener: Sendable {
  let number: Int32
  let port: UInt16

  init() throws(TestFault) {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = Self.address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, length) == 0 && listen(number, 128) == 0 && getsockname(number, $0, &length) == 0
      }
    }
    guard isBound else { throw TestFault("no port can be listened at") }
    self.number = number
    port = UInt16(bigEndian: address.sin_port)
  }

  func close() { Glibc.close(number) }

  static func address(port: UInt16) -> sockaddr_in {
    sockaddr_in(
      sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian,
      sin_addr: in_addr(s_addr: UInt32(0x7f00_0001).bigEndian), sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
  }

  /// Of this end of a connection.
  static func localPort(of number: Int32) -> UInt16? {
    var address = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
    }
    return code == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }

  /// A connection to a port of 127.0.0.1; negative where none can be made.
  static func connect(port: UInt16) -> Int32 {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var target = address(port: port)
    let code = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code == 0 { return number }
    Glibc.close(number)
    return -1
  }
}
