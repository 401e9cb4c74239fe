import Threads
import Storage
import Synchronization

/// The server's end: takes administrative requests side by side, each on a thread of its own.
///
/// 1. At most `most` peers are listened to or served at a time. When another one comes, the one that has been
///    silent longest must go; where all have said what they want, it waits until one is through.
/// 2. Requests that change something are performed one after the other, the others beside them.
/// 3. Each peer has a few seconds to send its request whole; none holds up a shutdown.
final class AdminSocket: Sendable {
  static let most = 32

  private let listener: UnixSocket
  private let thread: OwnThread
  private let peers: Peers

  /// Who is being listened to or served now.
  private final class Peers: Sendable {
    private struct State {
      var isClosed = false
      var given: UInt64 = 0
      /// Those whose request is not there yet, by their turn.
      var listenedTo: [UInt64: UnixSocket] = [:]
    }

    private let state = Mutex(State())
    /// A place for each peer that may be here.
    private let places = WaitingQueue<Void>(limit: AdminSocket.most)
    /// Held by the request that changes something.
    let changing = Mutex(())

    init() { for _ in 0..<AdminSocket.most { leave() } }

    /// Gives a peer a place, and waits for one; nil when the socket is closed.
    func enter(_ peer: UnixSocket) -> UInt64? {
      if places.waitingCount == 0 { state.withLock { $0.listenedTo.min { $0.key < $1.key }?.value.shutDownReading() } }
      _ = places.take(upTo: 1)
      let turn = state.withLock { state -> UInt64? in
        if state.isClosed { return nil }
        state.given += 1
        state.listenedTo[state.given] = peer
        return state.given
      }
      if turn == nil { leave() }
      return turn
    }

    /// Its request is there, or will not come.
    func heard(_ turn: UInt64) { state.withLock { $0.listenedTo[turn] = nil } }

    func leave() { try? places.push(()) }

    /// Listens to nobody any more.
    func close() {
      state.withLock { state in
        state.isClosed = true
        for peer in state.listenedTo.values { peer.shutDownReading() }
      }
    }

    /// Waits until the last one has left.
    func waitForAll() { for _ in 0..<AdminSocket.most { _ = places.take(upTo: 1) } }
  }

  /// `log` is told of each act that changes something or shows a secret.
  init(path: String, administration: Administration, log: @escaping @Sendable (AdminAct) -> Void) throws {
    let listener = try UnixSocket.listening(at: path)
    self.listener = listener
    let peers = Peers()
    self.peers = peers
    thread = try OwnThread(named: "admin") {
      while let peer = listener.accepted() {
        guard let turn = peers.enter(peer) else { return }
        let served = try? OwnThread(named: "admin peer") {
          defer { peers.leave() }
          let bytes = peer.receive()
          peers.heard(turn)
          guard let bytes else { return }
          _ = peer.send(AdminSocket.answer(bytes, from: peer.peer, administration, peers, log).bytes)
        }
        if served == nil {
          peers.heard(turn)
          peers.leave()
        }
      }
    }
  }

  private static func answer(
    _ bytes: [UInt8], from peer: UnixSocket.Peer?, _ administration: Administration, _ peers: Peers,
    _ log: (AdminAct) -> Void
  ) -> AdminAnswer {
    guard let request = AdminRequest(bytes) else {
      return .refused("The server does not know this request: is it of another version than the command?")
    }
    guard request.isAct else { return wait { await administration.perform(request) } }
    return peers.changing.withLock { _ in
      let answer = wait { await administration.perform(request) }
      log(AdminAct(request, peer, answer))
      return answer
    }
  }

  /// A request that came in whole is finished and answered; one that has not is not waited for.
  func close() {
    peers.close()
    listener.shutDown()
    thread.join()
    peers.waitForAll()
  }

  /// Runs async work from a thread that may block.
  private static func wait(_ body: @escaping @Sendable () async -> AdminAnswer) -> AdminAnswer {
    let queue = WaitingQueue<AdminAnswer>(limit: 1)
    Task { try? queue.push(await body()) }
    return queue.take(upTo: 1)?.first ?? .refused("The server gave no answer.")
  }
}
