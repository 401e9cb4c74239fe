import Glibc
import JSON
import ServerUnderTest
import Synchronization
import Webhooks
import Wire

/// A receiver of webhooks that misbehaves in every way it can, and remembers what it took.
final class WebhookLedger: Sendable {
  /// A request that came, in the order of coming.
  struct Request: Sendable {
    let event: String
    let object: String
    let sequence: Int64
    let isTaken: Bool
  }

  private struct State {
    var random: SplitMix
    var requests: [Request] = []
    var failures: [String: Int] = [:]
    var failuresInRow = 0
    var problems: [String] = []
    var isKind = false
    /// By event.
    var secrets: [String: String] = [:]
    /// A few bodies with their signatures, for another tool to verify.
    var samples: [Sample] = []
  }

  struct Sample: Sendable {
    let body: [UInt8]
    let hmac: String
    let rsa: String
  }

  private let state: Mutex<State>
  private let megabytes = String(repeating: "x", count: 10 << 20)

  init(seed: UInt64) { state = Mutex(State(random: SplitMix(seed: seed))) }

  var requests: [Request] { state.withLock { $0.requests } }
  var problems: [String] { state.withLock { $0.problems } }
  var samples: [Sample] { state.withLock { $0.samples } }

  func setSecret(_ secret: String, of event: String) { state.withLock { $0.secrets[event] = secret } }

  /// From now on everything is taken.
  func beKind() { state.withLock { $0.isKind = true } }

  /// Each delivery fails twice at most, and never twenty in a row: so that the end can be waited for.
  func answer(_ request: StubServer.Request) -> StubServer.Answer {
    let delivery = request.headers["x-sojourn-delivery"] ?? ""
    let hmac = request.headers["x-journey-signature"] ?? ""
    let root = try? JSONDocument.read(request.body).root
    guard let event = root?["event"]?.string, let object = root?["object"]?["id"]?.string,
      let sequence = root?["sequence"].flatMap({ Int64($0.rawText) })
    else {
      state.withLock {
        $0.problems.append("a body that is none: \(String(decoding: request.body.prefix(200), as: UTF8.self))")
      }
      return .answer(200)
    }
    return state.withLock { state in
      if delivery != "\(event):\(sequence)" { state.problems.append("\(delivery) for \(event) \(sequence)") }
      if WebhookSecrets.signature(of: request.body, under: state.secrets[event] ?? "") != hmac {
        state.problems.append("a wrong signature of \(delivery)")
      }
      if state.samples.count < 3 {
        state.samples.append(
          Sample(body: request.body, hmac: hmac, rsa: request.headers["x-journey-signature-rsa-sha256"] ?? ""))
      }
      let choice = state.isKind ? 99 : Int.random(in: 0..<100, using: &state.random)
      let mayFail = state.failures[delivery, default: 0] < 2 && state.failuresInRow < 10
      var answer = StubServer.Answer.answer(200)
      var isTaken = true
      switch choice {
      case 0..<30 where mayFail:
        isTaken = false
        answer =
          [
            .answer(500), .answer(302, headers: ["Location: http://127.0.0.1:1/"]), .reset, .hangUp, .raw("what?\r\n"),
            .silence(seconds: 1), .answer(429, body: "slow down"),
          ].randomElement(using: &state.random) ?? .reset
      case 30..<33: answer = .answer(200, body: megabytes)
      // Taken, and the server never hears of it.
      case 33..<36 where mayFail: answer = .reset
      default: break
      }
      if choice < 36, mayFail, choice < 30 || choice >= 33 {
        state.failures[delivery, default: 0] += 1
        state.failuresInRow += 1
      } else {
        state.failuresInRow = 0
      }
      state.requests.append(Request(event: event, object: object, sequence: sequence, isTaken: isTaken))
      return answer
    }
  }

  /// What went wrong, measured against what the oplog says should have come: the sequences of each object.
  func findings(_ event: String, expected: [String: [Int64]]) -> [String] {
    var findings: [String] = []
    var taken: [String: Set<Int64>] = [:]
    for request in requests where request.event == event {
      let sequences = expected[request.object] ?? []
      guard let index = sequences.firstIndex(of: request.sequence) else {
        findings.append("\(event):\(request.sequence) should not have come")
        continue
      }
      // Everything before it of the object was taken before.
      let missing = sequences[..<index].filter { !(taken[request.object]?.contains($0) ?? false) }
      if !missing.isEmpty { findings.append("\(event):\(request.sequence) came before \(missing)") }
      if request.isTaken { taken[request.object, default: []].insert(request.sequence) }
    }
    for (object, sequences) in expected {
      let lost = sequences.filter { !(taken[object]?.contains($0) ?? false) }
      if !lost.isEmpty { findings.append("\(event) lost \(lost) of \(object)") }
    }
    return findings
  }
}
