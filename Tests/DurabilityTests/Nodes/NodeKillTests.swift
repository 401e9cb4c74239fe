import Foundation
import Glibc
import PostgresUnderTest
import ServerUnderTest
import Testing
import Wire

/// What was acknowledged by one of three nodes survives all of them and their database, killed at any moment under
/// mixed load. `SOJOURN_DRILLS=full` (`script/test --drills`) runs the long form, `SOJOURN_SEED` varies the run.
@Suite("Drills: kills of nodes and of their database", .serialized)
struct NodeKillTests {
  private enum Victim: String, CaseIterable {
    case node = "a node"
    case database = "the database"
    case both

    /// Kills of each kind.
    var kills: Int {
      switch self {
      case .node: Drills.isFull ? 50 : 2
      case .database, .both: Drills.isFull ? 20 : 1
      }
    }
  }

  /// What a run came to, for the report.
  private struct Tally {
    var refusals = 0
    var doubts = 0
    /// Milliseconds from the database's return until all nodes that lived on have written.
    var returns: [Int] = []
  }

  @Test("No acknowledged write is lost, none is there twice or in part, and every feed is exact")
  func kills() throws {
    let began = ContinuousClock.now
    var random = SplitMix(seed: Drills.seed)
    let fleet = try Fleet()
    var authors = (1...6).map { Author($0, seed: Drills.seed) }
    // At each node one that waits and one that asks, with pages that end in the middle of groups.
    var followers = [(false, 1000), (true, 1000), (false, 70), (true, 30), (false, 200), (true, 200)].map {
      Follower(waits: $0.0, limit: $0.1)
    }
    var tally = Tally()
    var victims = Victim.allCases.flatMap { victim in Array(repeating: victim, count: victim.kills) }
    victims.shuffle(using: &random)
    for (round, victim) in victims.enumerated() {
      let load = try fleet.load(authors)
      let following = try Following(followers, on: fleet.sites)
      usleep(.random(in: 20_000...(Drills.isFull ? 700_000 : 300_000), using: &random))
      try strike(victim, fleet, load, &tally, &random)
      let end = load.end(stop: true)
      let told = following.end(stop: true)
      followers = told.followers
      tally.refusals += end.refusals + told.refusals
      tally.doubts += end.doubts
      let findings = try told.problems + fleet.findings(after: end, &authors)
      #expect(findings == [], "round \(round), seed \(Drills.seed), killed: \(victim.rawValue)")
      guard findings.isEmpty else { return }
      if round.isMultiple(of: 10) { #expect(try fleet.oplogFindings(authors) == []) }
    }
    try finish(fleet, authors, followers)
    print(
      """
      Kills: \(Victim.allCases.map { "\($0.kills) of \($0.rawValue)" }.joined(separator: ", ")), in \
      \(ContinuousClock.now - began). Acknowledged: \(authors.map(\.acknowledgedRequests).reduce(0, +)) requests with \
      \(authors.map(\.acknowledgedChanges).reduce(0, +)) changes. Without an answer: \
      \(authors.map(\.pendingFoundDone).reduce(0, +)) found done, \(authors.map(\.pendingFoundUndone).reduce(0, +)) not \
      done; of these \(tally.doubts) answered as done or not. Refused with 503: \(tally.refusals). Entries: \
      \(followers[0].entries.count), each told once to \(followers.count) followers. Milliseconds until nodes that lived \
      on wrote again: \(tally.returns.sorted().map(String.init).joined(separator: " ")).
      """)
  }

  /// Kills and starts again, and waits until all nodes that live on write again.
  private func strike(
    _ victim: Victim, _ fleet: Fleet, _ load: Load, _ tally: inout Tally, _ random: inout SplitMix
  ) throws {
    let killed = victim == .database ? nil : Int.random(in: 0..<fleet.nodes.count, using: &random)
    let processes = fleet.nodes.map(\.processID)
    let pause = UInt32.random(in: 0...300_000, using: &random)
    let signal = Bool.random(using: &random) ? SIGKILL : SIGQUIT
    if let killed, Bool.random(using: &random) { fleet.nodes[killed].kill() }
    if victim != .node { try fleet.cluster.stop(signal) }
    if let killed { fleet.nodes[killed].kill() }
    usleep(pause)
    if victim != .node { try fleet.cluster.start() }
    let back = ContinuousClock.now
    if let killed { try fleet.nodes[killed].start() }
    let alive = fleet.nodes.indices.filter { $0 != killed }
    try fleet.waitForWrites(load, at: alive)
    for index in alive { #expect(fleet.nodes[index].processID == processes[index]) }
    if victim != .node { tally.returns.append(Int((ContinuousClock.now - back) / .milliseconds(1))) }
  }

  private func finish(_ fleet: Fleet, _ authors: [Author], _ followers: [Follower]) throws {
    // Those whose node was killed last have not read to the end.
    let told = try Following(followers, on: fleet.sites).end(stop: true)
    let followers = told.followers
    #expect(told.problems == [])
    let entries = try fleet.truth.entries()
    #expect(OplogFindings.of(entries, authors: authors) == [])
    let written = entries.map { Follower.Entry(sequence: $0.sequence, change: $0.change) }
    for (index, follower) in followers.enumerated() {
      #expect(follower.falls == [], "follower \(index)")
      // Not in the expectation itself, which would print all of them.
      let isExact = follower.entries == written
      #expect(isExact, "follower \(index): \(follower.entries.count) entries of \(written.count)")
      #expect(follower.feeds.count == 1, "a kill is no restore")
    }
    #expect(Set(followers.map(\.feeds)).count == 1)
    for node in fleet.nodes { #expect(try node.stop() == 0, "\(node.log.suffix(1000))") }
    let checked = try fleet.nodes[0].command(
      "fsck", "--attachments", "\(fleet.nodes[0].directory.path)/attachments")
    #expect(checked.exitCode == 0, "\(checked.output)\(checked.errors)")
  }
}
