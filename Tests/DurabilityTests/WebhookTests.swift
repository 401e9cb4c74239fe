import Crypto
import Foundation
import Glibc
import JSON
import ServerUnderTest
import Synchronization
import Testing
import Threads
import Wire

/// Webhooks deliver everything, in each object's order, whatever the receiver and the process do.
@Suite(.serialized) struct WebhookTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <field name="tail" label="Tail" type="text"/><display>{number}</display>
    <webhook type="update" name="saved"/><webhook type="ready" name="complete"><field name="tail"/></webhook>
    </model></data-model>
    """

  /// Puts objects until it is told to stop, whether or not it is answered.
  private final class Putting: Sendable {
    private let isStopped: Flag
    private let thread: OwnThread

    private final class Flag: Sendable { let value = Atomic(false) }

    init(on server: ServerUnderTest, seed: UInt64) throws {
      let flag = Flag()
      isStopped = flag
      thread = try OwnThread {
        var random = SplitMix(seed: seed)
        var connection: HTTPConnection?
        while !flag.value.load(ordering: .relaxed) {
          let id = "11111111-2222-4333-8444-0000000000\(Int.random(in: 10..<22, using: &random))"
          let tail = Int.random(in: 0..<4, using: &random) == 0 ? "\"N1\"" : "null"
          let body = "{\"item\":{\"number\":\(Int.random(in: 0..<1_000_000, using: &random)),\"tail\":\(tail)}}"
          do {
            let open = try connection ?? server.connection()
            connection = open
            _ = try open.request(
              "PUT", server.base + "/objects/item/\(id).json",
              headers: [server.bearer, "Content-Type: application/json"], body: Array(body.utf8))
          } catch {
            connection = nil
          }
          usleep(4000)
        }
      }
    }

    func stop() {
      isStopped.value.store(true, ordering: .relaxed)
      thread.join()
    }
  }

  /// What the oplog says: for each object the sequences that fire each webhook.
  private func expected(_ server: ServerUnderTest) throws -> (saved: [String: [Int64]], complete: [String: [Int64]]) {
    var saved: [String: [Int64]] = [:]
    var complete: [String: [Int64]] = [:]
    var start = "0"
    while true {
      let page = try server.json("GET", "/oplog.json?limit=1000&start=\(start)").json
      for entry in page["entries"]?.elements.map({ $0 }) ?? [] {
        let sequence = try #require(entry["sequence"].flatMap { Int64($0.rawText) })
        let id = try #require(entry["object"]?["id"]?.string)
        saved[id, default: []].append(sequence)
        if entry["object"]?["tail"]?.string != nil, complete[id] == nil { complete[id] = [sequence] }
      }
      guard page["has_more"]?.bool == true, let next = page["next_request_start"]?.string else { break }
      start = next
    }
    return (saved, complete)
  }

  private func status(_ server: ServerUnderTest) throws -> [JSONValue] {
    let run = try server.command("webhook", "list", "--deployment", server.id, "--json")
    return try JSONDocument.read(run.output).root["webhooks"]?.elements.map { $0 } ?? []
  }

  @Test func everyEventArrivesInOrderAcrossKillsAndWhateverTheReceiverDoes() throws {
    let kills = ProcessInfo.processInfo.environment["SOJOURN_KILLS"].flatMap { Int($0) } ?? 20
    let seed: UInt64 = 5
    var random = SplitMix(seed: seed)
    let ledger = WebhookLedger(seed: seed)
    let receiver = try StubServer(remembers: false) { ledger.answer($0) }
    defer { receiver.stop() }
    let server = try ServerUnderTest(
      schema: Self.schema, arguments: ["--public-url", "https://api.example.org"])
    #expect(
      try server.command("deployment", "set", "--deployment", server.id, "webhook_allow=127.0.0.1").exitCode == 0)
    for event in ["saved", "complete"] {
      let made = try server.command(
        "webhook", "enable", "--deployment", server.id, "--name", event, "--url",
        "http://127.0.0.1:\(receiver.port)/\(event)")
      #expect(made.exitCode == 0, "\(made.errors)")
      let secret = try server.command("webhook", "secret", "show", "--deployment", server.id, "--name", event)
      ledger.setSecret(String(secret.output.dropLast()), of: event)
    }
    for round in 1...kills {
      let putting = try Putting(on: server, seed: UInt64(round))
      usleep(.random(in: 50_000...500_000, using: &random))
      server.kill()
      putting.stop()
      try server.start()
    }
    ledger.beKind()
    let end = ContinuousClock.now + .seconds(60)
    let last = try #require(try expected(server).saved.values.compactMap(\.last).max())
    while ContinuousClock.now < end {
      let webhooks = try status(server)
      let isDone = webhooks.allSatisfy { webhook in
        webhook["waiting"]?.rawText == "0" && (webhook["position"]?.string.flatMap { Int64($0) } ?? 0) > last
      }
      if isDone { break }
      usleep(100_000)
    }
    let (saved, complete) = try expected(server)
    #expect(ledger.problems == [])
    #expect(ledger.findings("saved", expected: saved) == [])
    #expect(ledger.findings("complete", expected: complete) == [])
    try verify(ledger.samples, server)
    let requests = ledger.requests
    let events = saved.values.map(\.count).reduce(0, +) + complete.values.map(\.count).reduce(0, +)
    #expect(events > kills)
    print(
      "Webhooks: \(kills) kills, \(events) events, \(requests.count) requests, \(requests.filter { !$0.isTaken }.count) of "
        + "them refused, \(requests.filter(\.isTaken).count - events) repeats.")
    #expect(try server.stop() == 0)
  }

  /// Lets `openssl` verify both signatures with what an integrator has: the secret and the public key.
  private func verify(_ samples: [WebhookLedger.Sample], _ server: ServerUnderTest) throws {
    let folder = try TemporaryDirectory()
    let pem = try server.connection().request(
      "GET", "/.well-known/sojourn/webhook-key.pem?deployment=\(server.id)")
    #expect(pem.status == 200)
    let key = try folder.write(pem.text, to: "key.pem")
    #expect(!samples.isEmpty)
    for sample in samples {
      let body = folder.path + "/body"
      let signature = folder.path + "/signature"
      try Data(sample.body).write(to: URL(fileURLWithPath: body))
      try Data(try #require(Base64.decode(sample.rsa))).write(to: URL(fileURLWithPath: signature))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      process.arguments = ["dgst", "-sha256", "-verify", key, "-signature", signature, body]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).contains("Verified OK"))
    }
  }
}
