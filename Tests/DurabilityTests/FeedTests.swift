import Foundation
import Glibc
import ServerUnderTest
import Testing
import Wire

/// The promise of the change feed, across crashes and restored copies: who follows it sees every change
/// exactly once, in the order of the commits.
@Suite(.serialized) struct FeedTests {
  private let folder: TemporaryDirectory
  private let server: Server

  init() throws {
    folder = try TemporaryDirectory()
    server = try Server(data: folder.path + "/d", log: folder.path + "/log")
  }

  private var followers: [Follower] {
    [(false, 1000), (false, 7), (true, 1000), (true, 3)].map { Follower(waits: $0.0, limit: $0.1) }
  }

  /// Runs load and followers for a while; `isEnded` ends the server meanwhile.
  private func work(
    _ authors: inout [Author], _ followers: inout [Follower], milliseconds: UInt32, isKilled: Bool
  ) throws {
    let load = try Load(authors, on: server)
    let following = try Following(followers, on: server)
    usleep(milliseconds * 1000)
    if isKilled { server.kill() }
    let end = load.end(stop: !isKilled)
    let told = following.end(stop: !isKilled)
    authors = end.authors
    followers = told.followers
    #expect(end.problems + told.problems == [])
    #expect(end.refusals + told.refusals == 0)
  }

  private func findings(_ followers: [Follower]) throws -> [String] {
    let written = try OplogFile(server.databasePath).entries().map {
      Follower.Entry(sequence: $0.sequence, change: $0.change)
    }
    return followers.enumerated().flatMap { index, follower -> [String] in
      if follower.entries == written { return follower.falls }
      let missed = Set(written.map(\.sequence)).subtracting(follower.entries.map(\.sequence)).count
      return [
        "follower \(index): \(follower.entries.count) entries of \(written.count), \(missed) missed"
      ] + follower.falls
    }
  }

  @Test func followersMissNothingAndSeeNothingTwiceAcrossKills() throws {
    var authors = (1...6).map { Author($0, seed: 11) }
    var followers = followers
    var random = SplitMix(seed: 11)
    try server.start()
    let kills = 6
    for _ in 0..<kills {
      try work(
        &authors, &followers, milliseconds: .random(in: 100...500, using: &random), isKilled: true)
      try server.start()
      // Settles which of the requests without an answer were done.
      let objects = try server.objects()
      for index in authors.indices { #expect(authors[index].findings(in: objects) == []) }
    }
    try work(&authors, &followers, milliseconds: 200, isKilled: false)
    #expect(try findings(followers) == [])
    let objects = try server.objects()
    for index in authors.indices { #expect(authors[index].findings(in: objects) == []) }
    #expect(try OplogFindings.of(OplogFile(server.databasePath), authors: authors) == [])
    #expect(Set(followers.map(\.feeds)).count == 1 && followers[0].feeds.count == 1, "a kill is no restore")
    print(
      "Feed: \(kills) kills, \(followers[0].entries.count) entries, each seen once by \(followers.count) followers.")
    #expect(server.stop() == 0)
  }

  @Test(arguments: [false, true])
  func aRestoredCopyGivesNoSequenceTwiceAndTellsItsFollowers(isKilled: Bool) throws {
    var authors = (1...3).map { Author($0, seed: 12) }
    var followers = followers
    try server.start()
    try work(&authors, &followers, milliseconds: 300, isKilled: false)
    #expect(server.stop() == 0)
    let kept = authors
    let backup = folder.path + "/backup"
    #expect(try ChildProcess.run(["cp", "-a", server.data, backup]).code == 0)
    try server.start()
    try work(&authors, &followers, milliseconds: 300, isKilled: isKilled)
    if !isKilled { #expect(server.stop() == 0) }
    let told = followers.map(\.entries.count)
    let highest = followers.compactMap(\.entries.last?.sequence).max() ?? 0
    // The older copy replaces what went on.
    #expect(try ChildProcess.run(["rm", "-r", server.data]).code == 0)
    #expect(try ChildProcess.run(["cp", "-a", backup, server.data]).code == 0)
    try server.start()
    authors = kept
    // Followers stand behind the end of what is there now, and go on.
    try work(&authors, &followers, milliseconds: 300, isKilled: false)
    let later = zip(followers, told).map { $0.entries[$1...] }
    for (follower, later) in zip(followers, later) {
      #expect(follower.falls == [])
      #expect(!later.isEmpty && later.allSatisfy { $0.sequence > highest })
      #expect(follower.feeds.count == 2, "one feed before, one after: \(follower.feeds)")
    }
    #expect(server.output.contains("has a new id"))
    let written = try OplogFile(server.databasePath).entries().map(\.sequence)
    #expect(zip(written, written.dropFirst()).allSatisfy { $0 < $1 })
    #expect(later.allSatisfy { Array($0.map(\.sequence)) == written.filter { $0 > highest } })
    #expect(server.stop() == 0)
  }

  @Test func aStopEndsWaitsAtOnce() throws {
    try server.start()
    let (port, path, authorization) = (server.port, server.path("oplog.json?wait=30"), server.authorization)
    let connection = try HTTPConnection(port: port)
    connection.send(
      Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: \(authorization)\r\n\r\n".utf8))
    usleep(200_000)
    let begin = Date()
    #expect(server.stop() == 0)
    #expect(Date().timeIntervalSince(begin) < 10)
    #expect(try connection.answer().status == 200)
  }
}
