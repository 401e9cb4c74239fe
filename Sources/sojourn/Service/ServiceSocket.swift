import Glibc
import Wire

/// Where a service manager listens, as NOTIFY_SOCKET says it: a path, or behind an `@` a name of the abstract
/// namespace.
struct ServiceSocket: Equatable, Sendable {
  /// As the kernel has it: an abstract name begins with a zero.
  let name: [UInt8]

  /// Nil for what is neither, or too long.
  init?(_ text: String) {
    var name = Array(text.utf8)
    guard let first = name.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return nil }
    // A path ends in a zero.
    let most = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - (first == UInt8(ascii: "/") ? 1 : 0)
    guard (2...most).contains(name.count) else { return nil }
    if first == UInt8(ascii: "@") { name[0] = 0 }
    self.name = name
  }

  func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    // What follows an abstract name would belong to it.
    let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + name.count } ?? 0
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
    }
  }
}
