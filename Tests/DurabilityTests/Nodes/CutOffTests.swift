import Glibc
import PostgresUnderTest
import ServerUnderTest
import Synchronization
import Testing
import Wire

/// A node whose network to the database carries nothing for a while, both ways, and then goes on where it stood. The
/// others go on meanwhile, and what the node does after its return is done once or not at all.
@Suite("Drills: a node that is cut off from the database", .serialized)
struct CutOffTests {
  /// Node 0 goes straight to the database, node 1 through the relay.
  private final class Bench: Sendable {
    let relay: PostgresRelay
    let fleet: Fleet

    init(schema: String = Server.schema, arguments: [String] = []) throws {
      let cluster = try PostgresCluster()
      let relay = try PostgresRelay(to: cluster.port)
      self.relay = relay
      fleet = try Fleet(nodes: 2, in: cluster, schema: schema, arguments: arguments) { _, database in
        Fleet.Start(storage: database.address(port: relay.port))
      }
    }

    deinit {
      relay.stop()
      for node in fleet.nodes { node.kill() }
      try? fleet.cluster.stop(SIGQUIT)
    }

    /// Sends a request from another thread.
    func send(_ number: Int, to node: Int) -> Task<Answer, any Error> {
      let node = fleet.nodes[node]
      return Task.detached {
        try node.json(
          "POST", "/objects/item.json", #"{"item":{"number":\#(number),"note":"\#(Author.note(Int64(number)))"}}"#)
      }
    }

    func count(_ number: Int) throws -> Int {
      try fleet.truth.objects().values.count { $0 == Int64(number) }
    }
  }

  /// What the first test has left in order, since to start another takes seconds.
  private static let kept = Mutex<Bench?>(nil)

  /// How a cut begins.
  private struct Cut: CustomStringConvertible {
    let milliseconds: Int
    /// In the middle of what clients say, after so many bytes; nil is at once.
    var bytes: Int?

    var description: String { "\(milliseconds) ms\(bytes.map { " after \($0) bytes" } ?? "")" }

    static func all(_ random: inout SplitMix) -> [Cut] {
      guard Drills.isFull else { return [Cut(milliseconds: 500), Cut(milliseconds: 6000, bytes: 777)] }
      let first = [1000, 2000, 4000, 6000, 9000, 12_000, 16_000, 21_000, 30_000].map { Cut(milliseconds: $0) }
      return first
        + (0..<12).map { _ in
          Cut(milliseconds: .random(in: 1000...12_000, using: &random), bytes: .random(in: 1...20_000, using: &random))
        }
    }
  }

  @Test("Under load its clients are told of it, the others write, and nothing is lost or done twice")
  func load() throws {
    let began = ContinuousClock.now
    var random = SplitMix(seed: Drills.seed)
    let bench = try Bench()
    let fleet = bench.fleet
    var authors = (1...6).map { Author($0, seed: Drills.seed) }
    var followers = [(false, 1000), (false, 70), (true, 200), (true, 30)].map { Follower(waits: $0.0, limit: $0.1) }
    var (refusals, doubts) = (0, 0)
    var (longest, longestRead) = (Duration.zero, Duration.zero)
    var returns: [Int] = []
    let cuts = Cut.all(&random)
    for cut in cuts {
      // All that was written is compared in the end, which takes its time.
      let load = try fleet.load(authors, pause: Drills.isFull ? 0 : 50_000)
      let following = try Following(followers, on: fleet.sites)
      let readers = try Readers(3, at: fleet.sites[1])
      usleep(.random(in: 200_000...500_000, using: &random))
      if let bytes = cut.bytes { bench.relay.pause(afterClientBytes: bytes) } else { bench.relay.pause() }
      let end = ContinuousClock.now + .milliseconds(cut.milliseconds)
      // A lock that the node held when it was cut off ends after five seconds, as does a session in mid-pipeline.
      if cut.milliseconds > 2000 { try fleet.waitForWrites(load, seconds: 25, at: [0]) }
      while ContinuousClock.now < end { usleep(10_000) }
      bench.relay.resume()
      returns.append(Int(try fleet.waitForWrites(load, seconds: 60) / .milliseconds(1)))
      let work = load.end(stop: true)
      let told = following.end(stop: true)
      let unread = readers.end()
      followers = told.followers
      refusals += work.refusals + told.refusals + readers.refusals
      doubts += work.doubts
      longest = max(longest, work.longestRefusal)
      longestRead = max(longestRead, readers.longest)
      #expect(try unread + told.problems + fleet.findings(after: work, &authors) == [], "cut off for \(cut)")
    }
    #expect(try fleet.oplogFindings(authors) == [])
    let written = try fleet.truth.entries().map { Follower.Entry(sequence: $0.sequence, change: $0.change) }
    for (index, follower) in followers.enumerated() {
      let isExact = follower.entries == written && follower.feeds.count == 1
      #expect(isExact, "follower \(index): \(follower.entries.count) entries of \(written.count)")
    }
    Self.kept.withLock { [bench] in $0 = bench }
    // Ten seconds until a pipeline counts as lost, ten to find out what became of a commit.
    #expect(longest < .seconds(25))
    // The relay's machine takes what a reader asks, so that nothing but the answer's own time ends that.
    #expect(longestRead < .seconds(30))
    // The short form's cuts end before that.
    #expect(!Drills.isFull || refusals > 0)
    print(
      """
      Cut off \(cuts.count) times (\(cuts.map(\.description).joined(separator: ", "))), in \(ContinuousClock.now - began). \
      Acknowledged: \(authors.map(\.acknowledgedRequests).reduce(0, +)) requests. Refused with 503: \(refusals), answered \
      as done or not: \(doubts); the slowest write after \(longest), the slowest read after \(longestRead). Milliseconds until both wrote again: \
      \(returns.map(String.init).joined(separator: " ")).
      """)
  }

  @Test("Between lock and commit: the lock goes to others, and what comes late is not done", .timeLimit(.minutes(2)))
  func lockAndCommit() async throws {
    let bench = try Self.kept.withLock { $0.take() } ?? Bench()
    let (fleet, relay) = (bench.fleet, bench.relay)
    // Sessions that are there already.
    for node in 0...1 { #expect(try await bench.send(1 + node, to: node).value.status == 200) }
    let holder = try HeadHolder(fleet)
    let late = bench.send(10, to: 1)
    // One of this node: what others do by themselves may wait for the lock too.
    try fleet.waitForSession(
      "wait_event_type = 'Lock' AND client_port IN (\(relay.ports.map(String.init).joined(separator: ", ")))")
    relay.pause()
    // The node has the lock from now on, and does not hear of it.
    try holder.letGo()
    let other = bench.send(11, to: 0)
    let answer = try await other.value
    // The server has ended the session that rested in its transaction.
    #expect(answer.status == 200 || RefusalFindings.of(answer) == [], "\(answer.status) \(answer.text)")
    var isDone = false
    let deadline = ContinuousClock.now + .seconds(40)
    while !isDone, ContinuousClock.now < deadline { isDone = try await bench.send(12, to: 0).value.status == 200 }
    relay.resume()
    let end = try await late.value
    #expect(RefusalFindings.of(end) == [], "\(end.status) \(end.text)")
    #expect(!RefusalFindings.isDoubt(end), "it has looked: \(end.text)")
    #expect(try bench.count(10) == 0)
    #expect(try bench.count(11) == (answer.status == 200 ? 1 : 0))
    #expect(try bench.count(12) == 1)
    #expect(try await bench.send(13, to: 1).value.status == 200)
    #expect(try fleet.truth.findings() == [])
  }

  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <field name="note" label="Note" type="text"/><display>{number}</display><webhook type="update" name="saved"/>
    </model></data-model>
    """

  /// Receives deliveries: the first try of one of them waits until the test says what is answered.
  private final class Receiver: Sendable {
    private struct State {
      /// By the object's number.
      var tries: [Int: Int] = [:]
      var ids: [Int: Set<String>] = [:]
      var isLetGo = false
    }

    static let held = 20
    private let state = Mutex(State())

    func answer(_ request: StubServer.Request) -> StubServer.Answer {
      let text = String(decoding: request.body, as: UTF8.self)
      let number =
        text.firstRange(of: "\"number\":").flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) } ?? -1
      let count = state.withLock { state in
        state.tries[number, default: 0] += 1
        state.ids[number, default: []].insert(request.headers["x-sojourn-delivery"] ?? "")
        return state.tries[number] ?? 0
      }
      guard number == Self.held, count == 1 else { return .answer(200) }
      while !state.withLock({ $0.isLetGo }) { usleep(2000) }
      return .answer(500)
    }

    func letGo() { state.withLock { $0.isLetGo = true } }
    func tries(_ number: Int) -> Int { state.withLock { $0.tries[number] ?? 0 } }
    func ids(_ number: Int) -> Int { state.withLock { $0.ids[number]?.count ?? 0 } }

    func wait(for count: Int, of number: Int, seconds: Int = 20) throws {
      for _ in 0..<(seconds * 200) where tries(number) < count { usleep(5000) }
      if tries(number) < count { throw TestFault("\(tries(number)) tries of \(number) instead of \(count)") }
    }
  }

  @Test("Its deliveries go to another node, and what it says of them afterwards is refused", .timeLimit(.minutes(3)))
  func leases() async throws {
    let receiver = Receiver()
    let stub = try StubServer(remembers: false) { receiver.answer($0) }
    defer {
      receiver.letGo()
      stub.stop()
    }
    let bench = try Bench(schema: Self.schema, arguments: ["--public-url", "https://api.example.org"])
    let (fleet, relay) = (bench.fleet, bench.relay)
    let (first, cut) = (fleet.nodes[0], fleet.nodes[1])
    // The other is to have the lease.
    first.kill()
    #expect(try first.command("deployment", "set", "--deployment", first.id, "webhook_allow=127.0.0.1").exitCode == 0)
    let enabled = try first.command(
      "webhook", "enable", "--deployment", first.id, "--name", "saved", "--url", "http://127.0.0.1:\(stub.port)/")
    #expect(enabled.exitCode == 0, "\(enabled.errors)")
    #expect(try await bench.send(19, to: 1).value.status == 200)
    try receiver.wait(for: 1, of: 19)
    // What was delivered is written down now and then; what is not would be delivered again.
    try fleet.waitUntilKept("saved")
    #expect(try await bench.send(Receiver.held, to: 1).value.status == 200)
    try receiver.wait(for: 1, of: Receiver.held)
    let lease = try fleet.database.run(
      "SELECT holder, number FROM \(fleet.truth.schema).leases WHERE name = 'webhook saved'")
    relay.pause()
    // The long form waits for its end.
    if !Drills.isFull {
      try fleet.database.run("UPDATE \(fleet.truth.schema).leases SET ends_at = 0 WHERE name = 'webhook saved'")
    }
    try first.start()
    #expect(try await bench.send(21, to: 0).value.status == 200)
    try receiver.wait(for: 2, of: Receiver.held, seconds: 60)
    try receiver.wait(for: 1, of: 21, seconds: 60)
    let taken = try fleet.database.run(
      "SELECT holder, number FROM \(fleet.truth.schema).leases WHERE name = 'webhook saved'")
    #expect(taken != lease && taken.contains("|2"), "\(lease) \(taken)")
    // The node hears that its try has failed, and wants to write that down.
    receiver.letGo()
    usleep(300_000)
    relay.resume()
    try fleet.waitUntilReady(1)
    // Where its time was over it has found that out by itself; else it is told that its lease is another's.
    if !Drills.isFull {
      let refused = "holds the lease «webhook saved»"
      for _ in 0..<2000 where !cut.log.contains(refused) { usleep(10_000) }
      let isRefused = cut.log.contains(refused)
      #expect(isRefused)
    }
    #expect(try await bench.send(22, to: 1).value.status == 200)
    try receiver.wait(for: 1, of: 22, seconds: 30)
    try fleet.waitUntilKept("saved")
    usleep(500_000)
    for number in [19, 20, 21, 22] {
      #expect(receiver.tries(number) == (number == Receiver.held ? 2 : 1), "\(number)")
      #expect(receiver.ids(number) == 1, "\(number) under one id")
    }
    #expect(
      try fleet.database.run("SELECT holder, number FROM \(fleet.truth.schema).leases WHERE name = 'webhook saved'")
        == taken)
  }
}

extension Fleet {
  /// Waits until a node says that it serves.
  fileprivate func waitUntilReady(_ index: Int) throws {
    for _ in 0..<600 {
      if try nodes[index].connection().request("GET", "/health/ready").status == 200 { return }
      usleep(50_000)
    }
    throw TestFault("node \(index) is not ready: \(nodes[index].log.suffix(2000))")
  }

  /// Waits until the database says that nothing of this webhook is left to deliver.
  fileprivate func waitUntilKept(_ name: String) throws {
    for _ in 0..<1000 {
      let rest = try database.run(
        """
        SELECT count(*) FROM \(truth.schema).hooks WHERE name = '\(name)'
        AND position >= (SELECT max(sequence) FROM \(truth.schema).oplog)
        AND NOT EXISTS (SELECT FROM \(truth.schema).hook_deliveries)
        """)
      if rest.filter(\.isNumber) == "1" { return }
      usleep(10_000)
    }
    throw TestFault("deliveries of \(name) are left")
  }
}
