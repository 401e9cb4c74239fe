import Storage
import Synchronization
import Wire

/// The server's end: takes administrative requests one after the other, on a thread of its own. Each has
/// a few seconds to come in whole; none holds up a shutdown.
final class AdminSocket: Sendable {
  private let listener: UnixSocket
  private let thread: OwnThread
  private let peers = Peers()

  /// Who is being listened to now.
  private final class Peers: Sendable {
    private struct State {
      var isClosed = false
      var current: UnixSocket?
    }

    private let state = Mutex(State())

    /// False when the socket is closed: then nobody is listened to any more.
    func welcome(_ peer: UnixSocket?) -> Bool {
      state.withLock { state in
        state.current = peer
        return !state.isClosed
      }
    }

    func close() {
      state.withLock { state in
        state.isClosed = true
        state.current?.shutDownReading()
      }
    }
  }

  init(path: String, administration: Administration) throws {
    let listener = try UnixSocket.listening(at: path)
    self.listener = listener
    thread = try OwnThread { [peers] in
      while let peer = listener.accepted(), peers.welcome(peer) {
        defer { _ = peers.welcome(nil) }
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

  /// A request that came in whole is finished and answered; one that has not is not waited for.
  func close() {
    peers.close()
    listener.shutDown()
    thread.join()
  }

  /// Runs async work from a thread that may block.
  private static func wait(_ body: @escaping @Sendable () async -> AdminAnswer) -> AdminAnswer {
    let queue = WaitingQueue<AdminAnswer>(limit: 1)
    Task { try? queue.push(await body()) }
    return queue.take(upTo: 1)?.first ?? .refused("The server gave no answer.")
  }
}
