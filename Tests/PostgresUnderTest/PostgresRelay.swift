import Glibc
import ServerUnderTest
import Synchronization

/// Stands between a client and a server, and carries what each says to the other, until a test wants otherwise.
package final class PostgresRelay: Sendable {
  private struct State {
    var pairs: [(client: Int32, server: Int32)] = []
    var isPaused = false
    var isMute = false
    var isRefusing = false
    var isStopped = false
    /// What clients may still say before all connections are cut, or nothing is carried any more.
    var clientBytesLeft = Int.max
    var pausesThen = false
  }

  package let port: UInt16
  private let target: UInt16
  private let listener: LocalListener
  private let state = Mutex(State())
  private let thread = Mutex<pthread_t?>(nil)

  /// - Parameter target: the server's port.
  package init(to target: UInt16) throws(TestFault) {
    self.target = target
    listener = try LocalListener()
    port = listener.port
    var handle = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<PostgresRelay>.fromOpaque(context).takeRetainedValue().carry()
        return nil
      }, context)
    guard code == 0 else { throw TestFault("no thread can be started") }
    pthread_detach(handle)
  }

  /// From now on nothing is carried, and no connection ends.
  package func pause() { state.withLock { $0.isPaused = true } }
  package func resume() {
    state.withLock { state in
      state.isPaused = false
      state.isMute = false
    }
  }
  /// From now on the server hears clients, and they do not hear it.
  package func mute() { state.withLock { $0.isMute = true } }
  /// Ends all connections, as a network does that fails.
  package func cut() { state.withLock { Self.cut(&$0) } }
  /// Ends all connections when clients have said so many more bytes; those still reach the server.
  package func cut(afterClientBytes count: Int) {
    state.withLock { state in
      state.clientBytesLeft = count
      state.pausesThen = false
    }
  }
  /// Carries nothing any more when clients have said so many more bytes.
  package func pause(afterClientBytes count: Int) {
    state.withLock { state in
      state.clientBytesLeft = count
      state.pausesThen = true
    }
  }
  /// Whether new connections are ended at once.
  package func refuse(_ isOn: Bool) { state.withLock { $0.isRefusing = isOn } }

  /// From which the server sees the clients that are connected now.
  package var ports: [UInt16] { state.withLock { $0.pairs.compactMap { LocalListener.localPort(of: $0.server) } } }

  package func stop() {
    state.withLock { state in
      state.isStopped = true
      Self.cut(&state)
    }
  }

  private static func cut(_ state: inout State) {
    for pair in state.pairs {
      close(pair.client)
      close(pair.server)
    }
    state.pairs = []
    state.clientBytesLeft = Int.max
  }

  /// Clients have said all that they may.
  private static func end(_ state: inout State) {
    guard state.pausesThen else { return cut(&state) }
    state.isPaused = true
    state.clientBytesLeft = Int.max
  }

  private func carry() {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let isOver = state.withLock { state in
        if state.isStopped { return true }
        accept(&state)
        if !state.isPaused { carryOnce(&state, &chunk) }
        return false
      }
      if isOver { break }
      // Short enough for tests that count milliseconds, and no load.
      usleep(200)
    }
    listener.close()
  }

  private func accept(_ state: inout State) {
    var entry = pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 0) > 0 else { return }
    let client = Glibc.accept(listener.number, nil, nil)
    let server = state.isRefusing ? -1 : LocalListener.connect(port: target)
    guard client >= 0, server >= 0 else {
      if client >= 0 { close(client) }
      return
    }
    for end in [client, server] {
      // Who takes nothing for so long counts as gone, and holds up nobody else.
      var patience = timeval(tv_sec: 5, tv_usec: 0)
      setsockopt(end, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    state.pairs.append((client, server))
  }

  private func carryOnce(_ state: inout State, _ chunk: inout [UInt8]) {
    for pair in state.pairs {
      let said = carry(from: pair.client, to: pair.server, most: min(chunk.count, state.clientBytesLeft), &chunk)
      if state.clientBytesLeft != Int.max { state.clientBytesLeft -= max(said, 0) }
      let isOver = said < 0 || !state.isMute && carry(from: pair.server, to: pair.client, most: chunk.count, &chunk) < 0
      if state.clientBytesLeft <= 0 { return Self.end(&state) }
      if isOver {
        close(pair.client)
        close(pair.server)
        state.pairs.removeAll { $0.client == pair.client }
        return
      }
    }
  }

  /// How many bytes were carried; negative when one side has ended.
  private func carry(from source: Int32, to target: Int32, most: Int, _ chunk: inout [UInt8]) -> Int {
    var entry = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
    guard most > 0, poll(&entry, 1, 0) > 0 else { return 0 }
    let count = read(source, &chunk, most)
    guard count > 0 else { return -1 }
    var written = 0
    while written < count {
      let more = chunk.withUnsafeBytes { send(target, $0.baseAddress! + written, count - written, Int32(MSG_NOSIGNAL)) }
      if more <= 0 { return -1 }
      written += more
    }
    return count
  }
}
