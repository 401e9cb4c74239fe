import Foundation
import Glibc
import Testing

/// SIGTERM: what was accepted is finished, and what was not leaves no trace.
@Suite(.serialized) struct StopTests {
  @Test func aServerThatIsAskedToStopUnderLoadLosesNothing() throws {
    let place = try TestDirectory()
    let server = try Server(data: place.path + "/d", log: place.path + "/log")
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
      for place in authors.indices { #expect(authors[place].findings(in: objects) == [], "round \(round)") }
      // A connection that closes without an answer has had no effect: its client may repeat.
      #expect(authors.map(\.pendingFoundDone) == done, "round \(round): done and not answered")
      #expect(server.stop() == 0)
    }
    #expect(try OplogFindings.of(OplogFile(server.databasePath), authors: authors) == [])
    print(
      "Stops: 6 under load, \(authors.map(\.acknowledgedRequests).reduce(0, +)) requests acknowledged, "
        + "\(authors.map(\.pendingFoundUndone).reduce(0, +)) closed without an answer and without effect.")
  }

  @Test func requestsThatCameInBeforeTheSignalAreAnswered() throws {
    let place = try TestDirectory()
    let server = try Server(data: place.path + "/d", log: place.path + "/log")
    try server.start()
    var answered = 0
    var rests: [Int: [UInt8]] = [:]
    let connections = try (0..<12).map { _ in try server.connection() }
    // Each has had an answer, so that the server has taken the connection.
    for connection in connections { _ = try connection.request("GET", "/health/ready") }
    var ids: [String] = []
    for (place, connection) in connections.enumerated() {
      let id = "0000000a-0000-4000-8000-0000000000" + String(place + 16, radix: 16)
      ids.append(id)
      let bytes = HTTPConnection.bytes(
        "POST", server.path("objects/item.json"), authorization: server.authorization,
        body: #"{"item":{"id":"\#(id)","number":\#(place),"note":"\#(Author.note(Int64(place)))"}}"#)
      // Every third comes in two parts, the second after the signal.
      let part = place % 3 == 0 ? bytes.count / 2 : bytes.count
      try connection.send(Array(bytes[..<part]))
      if part < bytes.count { rests[place] = Array(bytes[part...]) }
    }
    server.process?.send(SIGTERM)
    usleep(150_000)
    var acknowledged: Set<String> = []
    for (place, connection) in connections.enumerated() {
      do {
        if let rest = rests[place] { try connection.send(rest) }
        let answer = try connection.receive()
        answered += 1
        if answer.status == 200 { acknowledged.insert(ids[place]) }
      } catch let lost as HTTPConnection.Lost {
        #expect(!lost.wasInAnswer, "an answer was cut")
      }
    }
    #expect(server.end() == 0)
    try server.start()
    #expect(Set(try server.objects().keys) == acknowledged)
    #expect(answered == connections.count, "requests that came in before the signal were not answered")
    #expect(acknowledged.count == connections.count)
  }
}
