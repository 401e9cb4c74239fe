import Glibc
import ServerUnderTest

@testable import sojourn

/// A service manager's end: a socket that takes messages.
///
/// Not thread-safe: one task has one.
final class ManagerSocket {
  let address: String
  private let descriptor: Int32
  private(set) var messages: [[String]] = []

  /// `address` is written as in NOTIFY_SOCKET.
  init(_ address: String) throws(TestFault) {
    self.address = address
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let isBound = ServiceSocket(address)?.withAddress { bind(descriptor, $0, $1) } == 0
    guard isBound else { throw TestFault("\(address) cannot be bound: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Reads until a message has this line; false when none comes in time.
  func hears(_ line: String, seconds: Int = 20) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      if count <= 0 {
        usleep(2000)
        continue
      }
      messages.append(
        String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init))
      if messages.last?.contains(where: { $0.hasPrefix(line) }) == true { return true }
    }
    return false
  }
}
