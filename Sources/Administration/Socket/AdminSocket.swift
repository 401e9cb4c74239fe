import Synchronization
import Threads

/// The server's end: takes administrative commands side by side, each on a thread of its own.
///
/// 1. At most `most` peers are listened to or served at a time. When another one comes, the one that has been
///    silent longest must go; where all have said what they want, it waits until one is through.
/// 2. Requests that change something are performed one after the other, the others beside them.
/// 3. Each peer has a few seconds to send its request whole; none holds up a shutdown.
package final class AdminSocket: Sendable {
  package static let most = 32

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
    /// A permit for each peer that may be here.
    private let permits = WaitingQueue<Void>(limit: AdminSocket.most)
    /// Held by the request that changes something.
    let changing = Mutex(())

    init() { for _ in 0..<AdminSocket.most { leave() } }

    /// Gives a peer a permit, and waits for one; nil when the socket is closed.
    func enter(_ peer: UnixSocket) -> UInt64? {
      if permits.waitingCount == 0 { state.withLock { $0.listenedTo.min { $0.key < $1.key }?.value.shutDownReading() } }
      _ = permits.take(upTo: 1)
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

    func leave() { try? permits.push(()) }

    /// Listens to nobody any more.
    func close() {
      state.withLock { state in
        state.isClosed = true
        for peer in state.listenedTo.values { peer.shutDownReading() }
      }
    }

    /// Waits until the last one has left.
    func waitForAll() { for _ in 0..<AdminSocket.most { _ = permits.take(upTo: 1) } }
  }

  /// `log` is told of each act that changes something or shows a secret.
  package init(path: String, administration: Administration, log: @escaping @Sendable (AdminAct) -> Void) throws {
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
          let answer = AdminSocket.answer(bytes, from: peer.peer, administration, peers, log)
          _ = peer.send(AdminCodec.encode(answer))
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
  ) -> Result<AdminResult, AdminRefusal> {
    let command: AdminCommand
    do throws(AdminRefusal) {
      command = try administration.naming(try AdminCodec.command(bytes))
    } catch {
      return .failure(error)
    }
    guard command.isAct else { return perform(command, administration) }
    return peers.changing.withLock { _ in
      let answer = perform(command, administration)
      log(AdminAct(command, peer, answer))
      return answer
    }
  }

  /// A request that came in whole is finished and answered; one that has not is not waited for.
  package func close() {
    peers.close()
    listener.shutDown()
    thread.join()
    peers.waitForAll()
  }

  /// Waits for it: from a thread that may block.
  private static func perform(
    _ command: AdminCommand, _ administration: Administration
  ) -> Result<AdminResult, AdminRefusal> {
    let queue = WaitingQueue<Result<AdminResult, AdminRefusal>>(limit: 1)
    Task {
      let answer: Result<AdminResult, AdminRefusal>
      do throws(AdminRefusal) {
        answer = .success(try await administration.perform(command))
      } catch {
        answer = .failure(error)
      }
      try? queue.push(answer)
    }
    return queue.take(upTo: 1)?.first ?? .failure(AdminRefusal("The server gave no answer."))
  }
}
