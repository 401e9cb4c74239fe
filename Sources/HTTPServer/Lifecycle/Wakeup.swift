import CMicrohttpd
import Glibc
import Wire

/// A descriptor by which one thread ends another's wait in `poll`, once.
struct Wakeup: Sendable {
  private let descriptor: OwnedDescriptor

  init() throws(ServerError) {
    let number = sojourn_wakeup()
    guard number >= 0 else { throw .library("no file descriptor is left to start the server with") }
    descriptor = OwnedDescriptor(number)
  }

  /// To be polled for reading.
  var number: Int32 { descriptor.number }

  func wake() {
    var one: UInt64 = 1
    write(descriptor.number, &one, 8)
  }

  /// True when woken, false when the time is over.
  func wait(milliseconds: Int) -> Bool {
    var polled = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, Int32(clamping: milliseconds)) > 0
  }
}
