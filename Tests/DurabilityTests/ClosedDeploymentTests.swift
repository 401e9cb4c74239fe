import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing

/// A deployment that is closed, as each is after a start, and what finds it so.
@Suite(.serialized) struct ClosedDeploymentTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <display>{number}</display><webhook type="update" name="saved"/></model></data-model>
    """

  /// Files of deployments that the server has open.
  private func open(in server: ServerUnderTest) throws -> [String] {
    let folder = "/proc/\(server.processID)/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
      .filter { $0.contains("/deployments/") }
  }

  private func put(_ number: Int, on server: ServerUnderTest) throws {
    let id = "11111111-2222-4333-8444-\(String(100_000_000_000 + number))"
    let answer = try server.json("PUT", "/objects/item/\(id).json", "{\"item\":{\"number\":\(number)}}")
    #expect(answer.status == 200 || answer.status == 201, "\(answer.status)")
  }

  private func count(on server: ServerUnderTest) throws -> Int64? {
    try server.json("GET", "/objects/item/count.json").json["count"]?.number?.integer
  }

  /// Ends it in the way that is asked for, and starts it again.
  private func restart(_ server: ServerUnderTest, byKill: Bool) throws {
    if byKill { server.kill() } else { #expect(try server.stop() == 0) }
    try server.start()
  }

  @Test(arguments: [false, true]) func isFoundByEveryCommandThatIsAboutIt(byKill: Bool) throws {
    let server = try ServerUnderTest(schema: Self.schema)
    let folder = try TemporaryDirectory()
    let wider = try folder.write(
      Self.schema.replacing("<display>", with: "<field name=\"note\" label=\"Note\" type=\"text\"/><display>"),
      to: "wider.xml")
    let commands = [
      ["data-model", "check", "--deployment", server.id, wider], ["data-model", "history", "--deployment", server.id],
      ["deployment", "get", "--deployment", server.id], ["webhook", "list", "--deployment", server.id],
      ["fsck", "--deployment", server.id], ["backup", "--to", folder.path + "/backup"],
      ["data-model", "deploy", "--deployment", server.id, wider],
    ]
    for (number, words) in commands.enumerated() {
      try put(number, on: server)
      try restart(server, byKill: byKill)
      #expect(try open(in: server) == [], "after a start")
      let done = try SojournBinary.run(words + ["--data-dir", server.dataDirectory])
      #expect(done.exitCode == 0, "\(words): \(done.errors)\(done.output)")
      #expect(try count(on: server) == Int64(number + 1), "\(words)")
    }
    try restart(server, byKill: byKill)
    #expect(try server.json("GET", "/objects/item.json").text.contains("\"note\":null"))
    try restart(server, byKill: byKill)
    let gone = try server.command("deployment", "delete", "--yes", "--deployment", server.id)
    #expect(gone.exitCode == 0, "\(gone.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.dataDirectory + "/deployments") == [])
    #expect(try server.stop() == 0)
  }

  @Test func withAWebhookThatHasNothingToDeliverIsNotOpenedByAStartAndFiresAfterwards() throws {
    let receiver = try StubServer { _ in .answer(200) }
    defer { receiver.stop() }
    let server = try ServerUnderTest(schema: Self.schema, arguments: ["--public-url", "https://api.example.org"])
    #expect(
      try server.command("deployment", "set", "--deployment", server.id, "webhook_allow=127.0.0.1").exitCode == 0)
    let made = try server.command(
      "webhook", "enable", "--deployment", server.id, "--name", "saved", "--url",
      "http://127.0.0.1:\(receiver.port)/saved")
    #expect(made.exitCode == 0, "\(made.errors)")
    for round in 1...3 {
      try put(round, on: server)
      for _ in 0..<1000 where receiver.seen.count < round { usleep(10_000) }
      #expect(receiver.seen.count == round)
      // Stopping keeps how far the webhook is.
      try restart(server, byKill: false)
      usleep(300_000)
      #expect(try open(in: server) == [])
      let listed = try server.command("webhook", "list", "--deployment", server.id, "--json")
      #expect(listed.exitCode == 0 && listed.output.contains("\"waiting\":0"), "\(listed.output)")
    }
    #expect(try server.stop() == 0)
  }
}
