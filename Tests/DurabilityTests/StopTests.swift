import Foundation
import Glibc
import ServerUnderTest
import Testing

/// SIGTERM: what was accepted is finished, and what was not leaves no trace.
@Suite(.serialized) struct StopTests {
  @Test func aServerThatIsAskedToStopUnderLoadLosesNothing() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    var authors = (1...8).map { Author($0, seed: 7) }
    for round in 1...6 {
      try server.start()
      let load = try Load(authors, on: server)
      usleep(300_000)
      let process = try #require(server.process)
      let begin = Date()
      #expect(server.stop() == 0, "round \(round)")
      #expect(Date().timeIntervalSince(begin) < 30)
      let end = load.end(stop: false)
      authors = end.authors
      #expect(end.problems == [], "round \(round)")
      #expect(process.output.contains("SIGTERM received"))
      #expect(process.output.contains("Everything that was acknowledged is on disk"))
      try server.start()
      let objects = try server.objects()
      let done = authors.map(\.pendingFoundDone)
      for index in authors.indices { #expect(authors[index].findings(in: objects) == [], "round \(round)") }
      // A connection that closes without an answer has had no effect: its client may repeat.
      #expect(authors.map(\.pendingFoundDone) == done, "round \(round): done and not answered")
      #expect(server.stop() == 0)
    }
    #expect(try OplogFindings.of(OplogFile(server.databasePath), authors: authors) == [])
    print(
      "Stops: 6 under load, \(authors.map(\.acknowledgedRequests).reduce(0, +)) requests acknowledged, "
        + "\(authors.map(\.pendingFoundUndone).reduce(0, +)) closed without an answer and without effect.")
  }

  /// What of a request is in before the signal.
  private enum Part: CaseIterable { case all, headAndHalfABody, halfAHead }

  @Test func requestsThatCameInBeforeTheSignalAreAnswered() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    try server.start()
    let connections = try (0..<12).map { _ in try server.connection() }
    // Each has had an answer, so that the server has taken the connection.
    for connection in connections { _ = try connection.request("GET", "/health/ready") }
    var ids: [String] = []
    var rests: [[UInt8]] = []
    for (number, connection) in connections.enumerated() {
      let id = "0000000a-0000-4000-8000-0000000000" + String(number + 16, radix: 16)
      let body = #"{"item":{"id":"\#(id)","number":\#(number),"note":"\#(Author.note(Int64(number)))"}}"#
      let bytes = HTTPConnection.bytes(
        "POST", server.path("objects/item.json"), authorization: server.authorization, body: body)
      let count =
        switch Self.part(number) {
        case .all: bytes.count
        case .headAndHalfABody: bytes.count - body.utf8.count / 2
        case .halfAHead: (bytes.count - body.utf8.count) / 2
        }
      connection.send(Array(bytes[..<count]))
      ids.append(id)
      rests.append(Array(bytes[count...]))
    }
    server.process?.send(SIGTERM)
    usleep(150_000)
    var acknowledged: Set<String> = []
    var answered: Set<Int> = []
    for (number, connection) in connections.enumerated() {
      do {
        connection.send(rests[number])
        let answer = try connection.answer()
        answered.insert(number)
        if answer.status == 200 { acknowledged.insert(ids[number]) }
      } catch {
        #expect(error.endedInAnswer == false, "an answer was cut: \(error)")
      }
    }
    #expect(server.end() == 0)
    try server.start()
    // Whatever was closed without an answer has had no effect.
    #expect(Set(try server.objects().keys) == acknowledged)
    // A head that is not complete is no request yet; all others are finished.
    for number in connections.indices where Self.part(number) != .halfAHead {
      #expect(answered.contains(number) && acknowledged.contains(ids[number]), "\(Self.part(number))")
    }
  }

  private static func part(_ number: Int) -> Part { Part.allCases[number % Part.allCases.count] }
}
