import Storage
import Wire

/// The server's end: takes administrative requests one after the other, on a thread of its own.
final class AdminSocket: Sendable {
  private let listener: Listener
  private let thread: OwnThread

  /// `@unchecked Sendable` is safe: it holds a descriptor, and the calls on it are the kernel's to order.
  private struct Listener: @unchecked Sendable {
    let socket: UnixSocket
  }

  init(path: String, administration: Administration) throws {
    let listener = Listener(socket: try UnixSocket.listening(at: path))
    self.listener = listener
    thread = try OwnThread {
      while let peer = listener.socket.accepted() {
        guard let bytes = peer.receive() else { continue }
        let answer = AdminSocket.wait { () -> AdminAnswer in
          guard let request = AdminRequest(bytes) else {
            return .refused("The server does not know this request: is it of another version than the command?")
          }
          return await administration.perform(request)
        }
        _ = peer.send(answer.bytes)
      }
    }
  }

  func close() {
    listener.socket.shutDown()
    thread.join()
  }

  /// Runs async work from a thread that may block.
  private static func wait(_ body: @escaping @Sendable () async -> AdminAnswer) -> AdminAnswer {
    let queue = WaitingQueue<AdminAnswer>(limit: 1)
    Task { try? queue.push(await body()) }
    return queue.take(upTo: 1)?.first ?? .refused("The server gave no answer.")
  }
}
