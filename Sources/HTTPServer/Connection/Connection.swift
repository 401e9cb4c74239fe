import CMicrohttpd
import Glibc
import Synchronization
import Wire

/// One connection: reads requests and sends answers as libmicrohttpd calls.
///
/// 1. All of libmicrohttpd's calls for one connection come on one thread, the connection's thread.
/// 2. `stage`, `target` and `current` belong to that thread.
/// 3. `progressWord` and `bodyBytes` are written there and read by the watchdog.
/// 4. `suspended` is written there and read at shutdown.
///
/// `@unchecked Sendable` is safe by these rules.
final class Connection: @unchecked Sendable {
  let endpoint: Endpoint
  let descriptor: Int32
  let peer: ConnectionPeer

  private let progressWord = Atomic<UInt64>(0)
  private let bodyBytes = Atomic<UInt64>(0)
  private let suspended = Mutex<Exchange?>(nil)

  var stage = Stage.idle
  var target = RequestTarget(UnsafeRawBufferPointer(start: nil, count: 0))
  /// Where the target lay in libmicrohttpd's memory, to find bytes that its C strings hide.
  var targetAddress: UInt = 0
  var current = CurrentRequest()

  init(endpoint: Endpoint, descriptor: Int32, peer: NetworkAddress?) {
    self.endpoint = endpoint
    self.descriptor = descriptor
    self.peer = ConnectionPeer(peer, in: endpoint.service.forwarding)
  }

  var service: Service { endpoint.service }

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

  /// As `SiteLimits.refusedBody`.
  var refusedBodyLimit: Int { current.exchange?.site.limits.refusedBody ?? 0 }

  func countBody(_ bytes: Int) {
    current.received += bytes
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
    guard stage.allows(.began) else { return breakOff(.began) }
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
    let event: Stage.Event = part.isEmpty ? .step : .part
    guard stage.allows(event) else { return unexpected(raw, event) }
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
      return current.received <= refusedBodyLimit ? true : answerDirectly(raw, response)
    case .waiting:
      guard let exchange = current.exchange else { return unexpected(raw, event) }
      guard let outcome = exchange.takeSoon() else {
        exchange.suspend(raw, idleTimeout: idleTimeout)
        return true
      }
      waiting = nil
      // The other outcomes belong to pieces of a body, and the body is complete.
      guard case .answer(let answer) = outcome else { return unexpected(raw, event) }
      return queue(raw, answer)
    case .lingering: return !part.isEmpty
    case .idle, .answered, .broken: return unexpected(raw, event)
    }
  }

  /// The answer has gone out, or the connection was lost.
  func completed(_ raw: OpaquePointer, whole: Bool) {
    let finished = current
    let phase = stage
    if finished.wasSuspended { sojourn_http_settle(raw, idleTimeout) }
    // A client that went away in the middle of its body leaves a piece that nobody asked about.
    if waiting != nil { waiting = nil }
    current = CurrentRequest()
    stage = .idle
    enter(.idle)
    guard let exchange = finished.exchange else { return }
    // A connection that was lost before its answer leaves the status unset: 499, as proxies log it.
    let isWhole: Bool
    if case .lingering = phase { isWhole = finished.sentDirectly } else { isWhole = whole }
    exchange.abandon()
    exchange.site.handler.finished(
      FinishedExchange(
        head: exchange.head, status: finished.sent.status == 0 ? 499 : finished.sent.status,
        bodyBytes: isWhole ? finished.sent.bodyBytes : 0,
        microseconds: Int(clamping: (Service.now() &- exchange.started) / 1000), completed: isWhole,
        caller: finished.caller, kind: exchange.site.firstKind &+ finished.kind, receivedBytes: finished.received))
  }
}

/// What is known of the request that a connection reads or answers.
struct CurrentRequest {
  /// Nil until the head is complete.
  var exchange: Exchange?
  /// Status and body length of the answer; a status of 0 as long as there is none.
  var sent: (status: Int, bodyBytes: Int) = (0, 0)
  /// As `Response.caller`.
  var caller: String?
  /// What the site's handler calls the request.
  var kind: UInt8 = 0
  /// Bytes of the body that came, as sent.
  var received = 0
  /// Whether the connection was suspended for this request.
  var wasSuspended = false
  /// Whether a direct answer went out whole.
  var sentDirectly = false
}

/// Who is at the other end of a connection.
struct ConnectionPeer {
  let address: NetworkAddress?
  let text: String
  /// Whether what it says of others, as a proxy does, is believed.
  let isTrusted: Bool

  init(_ address: NetworkAddress?, in forwarding: Forwarding) {
    self.address = address
    text = address?.description ?? "unknown"
    isTrusted = address.map { forwarding.isTrusted($0) } ?? false
  }
}
