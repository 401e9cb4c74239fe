import CMicrohttpd
import Glibc
import Synchronization
import Wire

/// One connection: reads requests and sends answers as libmicrohttpd calls.
///
/// 1. All of libmicrohttpd's calls for one connection come on one thread, the connection's thread.
/// 2. `stage`, `target`, `exchange` and `sent` belong to that thread.
/// 3. `progressWord` and `bodyBytes` are written there and read by the watchdog.
/// 4. `suspended` is written there and read at shutdown.
///
/// `@unchecked Sendable` is safe by these rules.
final class Connection: @unchecked Sendable {
  /// What the next call from libmicrohttpd is about.
  enum Stage {
    case idle
    /// The request line is known, the header fields are not.
    case head
    /// There is no body; the next call says that the request is complete.
    case complete(@Sendable (RequestBody) async -> Response)
    case collecting(BodyCollector, @Sendable (RequestBody) async -> Response)
    case streaming(BodyStream)
    /// The answer is known; what still comes of the body is thrown away first, up to twice the limit.
    case discarding(Response)
    /// Suspended until the answer is there.
    case waiting
    case answered
    /// Answered past libmicrohttpd; the rest of the body is thrown away until the watchdog's patience ends.
    case lingering
  }

  let endpoint: Endpoint
  let descriptor: Int32
  let peer: NetworkAddress?
  let peerText: String
  let isTrusted: Bool

  private let progressWord = Atomic<UInt64>(0)
  private let bodyBytes = Atomic<UInt64>(0)
  private let suspended = Mutex<Exchange?>(nil)

  var stage = Stage.idle
  var target = RequestTarget(UnsafeRawBufferPointer(start: nil, count: 0))
  /// Where the target lay in libmicrohttpd's memory, to find bytes that its C strings hide.
  var targetAddress: UInt = 0
  var exchange: Exchange?
  /// Status and body length of the answer.
  var sent: (status: Int, bodyBytes: Int) = (0, 0)
  /// As `Response.caller`.
  var caller: String?
  /// What the handler calls the current request.
  var kind: UInt8 = 0
  /// Bytes of the current body that came, as sent.
  var received = 0
  /// Whether the connection was suspended for this request.
  var wasSuspended = false
  /// Whether a direct answer went out whole.
  var sentDirectly = false

  init(endpoint: Endpoint, descriptor: Int32, peer: NetworkAddress?) {
    self.endpoint = endpoint
    self.descriptor = descriptor
    self.peer = peer
    peerText = peer?.description ?? "unknown"
    isTrusted = peer.map { endpoint.service.forwarding.isTrusted($0) } ?? false
  }

  var service: Service { endpoint.service }

  /// Bytes of a refused body that are waited for before its answer, so that the connection can go on.
  var discardLimit: Int { 2 * service.limits.body }

  var progress: ConnectionProgress { ConnectionProgress(word: progressWord.load(ordering: .relaxed)) }

  /// The exchange whose answer the suspended connection waits for.
  var waiting: Exchange? {
    get { suspended.withLock { $0 } }
    set { suspended.withLock { $0 = newValue } }
  }

  func enter(_ phase: ConnectionProgress.Phase) {
    var progress = progress
    if phase == .idle { progress.requests &+= 1 }
    progress.phase = phase
    progressWord.store(progress.word, ordering: .relaxed)
  }

  func countBody(_ bytes: Int) {
    received += bytes
    bodyBytes.store(bodyBytes.load(ordering: .relaxed) &+ UInt64(bytes), ordering: .relaxed)
  }

  var incoming: ConnectionQuiet.Incoming {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    return count > 0 ? .bytes : count == 0 ? .end : .nothing
  }

  /// Seconds that libmicrohttpd lets a connection be idle.
  var idleTimeout: UInt32 { UInt32(clamping: service.limits.idleSeconds) }

  /// For the watchdog.
  func observe() -> ConnectionDeadline.Observation {
    let progress = progress
    return ConnectionDeadline.Observation(
      progress: progress,
      received: progress.phase == .idle || progress.phase == .fresh
        ? sojourn_tcp_bytes_received(descriptor) : 0,
      body: bodyBytes.load(ordering: .relaxed))
  }

  // MARK: What libmicrohttpd calls

  func began(_ target: UnsafeRawBufferPointer) {
    self.target = RequestTarget(target)
    targetAddress = UInt(bitPattern: target.baseAddress)
    stage = .head
  }

  /// A part of the body came, or the request is complete, or a suspended connection goes on. False closes
  /// the connection.
  func progressed(
    _ raw: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
    part: UnsafeRawBufferPointer
  ) -> Bool {
    switch stage {
    case .head: return headCompleted(raw, method: method, version: version)
    case .complete(let respond): return start(raw, respond, .none)
    case .collecting(let collector, let respond):
      if part.isEmpty { return finish(raw, collector, respond) }
      countBody(part.count)
      do { try collector.add(part) } catch { return refuse(raw, error) }
      return true
    case .streaming(let stream): return streamed(raw, stream, part)
    case .discarding(let response):
      if part.isEmpty { return answer(raw, response) }
      countBody(part.count)
      return received <= discardLimit ? true : answerDirectly(raw, response)
    case .waiting:
      guard let exchange else { return false }
      guard let outcome = exchange.takeSoon() else {
        exchange.suspend(raw, idleTimeout: idleTimeout)
        return true
      }
      waiting = nil
      guard case .answer(let answer) = outcome else { return false }
      return queue(raw, answer)
    case .lingering: return !part.isEmpty
    case .idle, .answered: return false
    }
  }

  /// The answer has gone out, or the connection was lost.
  func completed(_ raw: OpaquePointer, whole: Bool) {
    let finished = exchange
    let phase = stage
    if wasSuspended { sojourn_http_settle(raw, idleTimeout) }
    wasSuspended = false
    // A client that went away in the middle of its body leaves a piece that nobody asked about.
    if waiting != nil { waiting = nil }
    exchange = nil
    stage = .idle
    enter(.idle)
    guard let finished else { return }
    // A connection that was lost before its answer leaves the status unset: 499, as proxies log it.
    let isWhole: Bool
    if case .lingering = phase { isWhole = sentDirectly } else { isWhole = whole }
    finished.abandon()
    service.handler.finished(
      FinishedExchange(
        head: finished.head, status: sent.status == 0 ? 499 : sent.status,
        bodyBytes: isWhole ? sent.bodyBytes : 0,
        microseconds: Int(clamping: (Service.now() &- finished.started) / 1000), completed: isWhole,
        caller: caller, kind: kind, receivedBytes: received))
  }
}
