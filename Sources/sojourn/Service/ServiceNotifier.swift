import Glibc
import Synchronization
import Wire

/// Sends messages to the service manager. Without NOTIFY_SOCKET it is silent; what cannot be sent is said once in
/// the log, and the server goes on.
final class ServiceNotifier: Sendable {
  private let socket: ServiceSocket?
  private let descriptor: OwnedDescriptor?
  private let hasComplained = Mutex(false)
  private let log: ServerLog

  /// A manager that is busy is waited for so often.
  private static let tries = 200
  private static let pause = Duration.milliseconds(10)

  /// `address` is the value of NOTIFY_SOCKET.
  init(_ address: String?, log: ServerLog) {
    self.log = log
    socket = address.flatMap(ServiceSocket.init)
    let number =
      socket == nil ? -1 : Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    descriptor = number >= 0 ? OwnedDescriptor(number) : nil
    guard let address, !address.isEmpty else { return }
    if socket == nil { complain("it is neither a path nor a name that begins with @") }
    if socket != nil, descriptor == nil { complain("no socket can be made") }
  }

  /// Whether somebody wants to be told.
  var isHeard: Bool { descriptor != nil }

  func send(_ message: ServiceMessage) async {
    guard let socket, let descriptor else { return }
    let bytes = Array(message.text.utf8)
    for _ in 0..<Self.tries {
      let sent = socket.withAddress { address, length in
        sendto(
          descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), address, length)
      }
      if sent == bytes.count { return }
      guard errno == EAGAIN || errno == EINTR || errno == ENOBUFS else { break }
      try? await Task.sleep(for: Self.pause)
    }
    complain(String(cString: strerror(errno)))
  }

  /// Asks for more time while `body` runs: opening the data of a new version may rewrite it.
  func prolonging<Result>(_ words: String, _ body: () async throws -> Result) async rethrows -> Result {
    guard isHeard else { return try await body() }
    let asking = Task {
      for _ in 0..<Self.mostExtensions {
        await send(.extendTimeout(seconds: Self.extensionSeconds, words))
        try? await Task.sleep(for: .seconds(Self.extensionSeconds / 3))
        if Task.isCancelled { return }
      }
    }
    defer { asking.cancel() }
    return try await body()
  }

  private static let extensionSeconds: UInt64 = 30
  /// For a day: a start that takes longer is none.
  private static let mostExtensions = 24 * 360

  private func complain(_ reason: String) {
    guard
      hasComplained.withLock({ hasComplained in
        defer { hasComplained = true }
        return !hasComplained
      })
    else { return }
    log.warning(
      "The service manager cannot be told how the server is: \(reason). NOTIFY_SOCKET names its socket; the server "
        + "goes on without.")
  }
}
