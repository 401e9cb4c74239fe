import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing
import Wire

/// One process at a time has a data directory, and the others find out gently.
@Suite(.serialized) struct LockTests {
  @Test func aSecondServerIsRefusedAndTheFirstGoesOn() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    try server.start()
    let (code, output) = try ChildProcess.sojourn(
      "serve", "--data-dir", server.data, "--listen", "http://127.0.0.1:0")
    #expect(code == 1)
    #expect(output.contains("serves \(server.data) already"), "\(output)")
    #expect(output.contains("(\(try #require(server.process).id))"), "\(output)")
    #expect(try server.objects().isEmpty)
    // The socket is still the first one's.
    let list = try ChildProcess.sojourn("deployment", "list", "--data-dir", server.data)
    #expect(list.code == 0)
    #expect(server.stop() == 0)
  }

  @Test func ofTwoServersThatStartAtOnceOneServes() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    for _ in 0..<5 {
      let two = try (1...2).map { number in
        try ChildProcess(
          [ChildProcess.binary, "serve", "--data-dir", server.data, "--listen", "http://127.0.0.1:0"],
          output: folder.path + "/\(number)-\(UUID().uuidString)")
      }
      let end = Date().addingTimeInterval(15)
      while Date() < end, !two.contains(where: { $0.output.contains("serves \(server.data) already") }) {
        usleep(5000)
      }
      for process in two { process.send(SIGTERM) }
      let codes = two.map { $0.end(withinSeconds: 30) ?? -1 }
      #expect(codes.sorted() == [0, 1], "\(two.map(\.output))")
    }
  }

  @Test func commandsAndAServerThatStartTogetherAllSucceed() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    for round in 0..<8 {
      let commands = try (0..<3).map { number in
        try ChildProcess(
          [
            ChildProcess.binary, "token", "create", "--data-dir", server.data, "--deployment",
            server.deployment,
            "--name", "token-\(round)-\(number)", "--json",
          ], output: folder.path + "/command-\(round)-\(number)")
      }
      usleep(UInt32(round) * 4000)
      try server.start()
      for command in commands { #expect(command.end(withinSeconds: 30) == 0, "\(command.output)") }
      // Each token is good at once, whoever made it: the server, or a command before it.
      for command in commands {
        let token = try #require(try JSONDocument.read(command.output).root["token"]?.string)
        let answer = try server.connection().request(
          "GET", server.path("objects/item/count.json"), authorization: "Bearer \(token)")
        #expect(answer.status == 200, "\(answer.text)")
      }
      if round.isMultiple(of: 2) { server.kill() } else { #expect(server.stop() == 0) }
    }
  }

  /// Creations that end at any moment: the next start serves what is there, and the id can be used.
  @Test func aCreationThatIsCutOffLeavesNothingInTheWay() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    var random = SplitMix(seed: 3)
    var cut = 0
    for round in 0..<20 {
      let id = "aaaaaaaaaaaaaaaaaaaaaa" + String(round + 16, radix: 16)
      let create = [
        ChildProcess.binary, "deployment", "create", "--data-dir", server.data, "--name", "cut",
        "--environment",
        "testing", "--data-model", folder.path + "/log.schema.xml", "--id", id, "--json",
      ]
      let first = try ChildProcess(create, output: folder.path + "/create-\(round)")
      usleep(UInt32.random(in: 0...120_000, using: &random))
      first.send(SIGKILL)
      if first.end() != 0 { cut += 1 }
      try server.start()
      #expect(try server.objects().isEmpty)
      server.kill()
      let again = try ChildProcess.run(create)
      let isThere = again.output.contains("There is a deployment \(id) already")
      #expect(again.code == (isThere ? 1 : 0), "\(again.output)")
    }
    print("Creations: 20, of which \(cut) were cut off.")
    let list = try ChildProcess.sojourn("deployment", "list", "--data-dir", server.data, "--json")
    #expect(try JSONDocument.read(list.output).root["deployments"]?.count == 21)
  }

  /// A deployment whose control file is an older copy must not lose its objects to a new one of its id.
  @Test func aCreationDoesNotReplaceAFileWithObjects() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    let id = "bbbbbbbbbbbbbbbbbbbbbbbb"
    let older = try Data(contentsOf: URL(fileURLWithPath: server.data + "/control.db"))
    let create = [
      ChildProcess.binary, "deployment", "create", "--data-dir", server.data, "--name", "older",
      "--environment",
      "testing", "--data-model", folder.path + "/log.schema.xml", "--id", id, "--json",
    ]
    let made = try ChildProcess.run(create)
    let password = try #require(try JSONDocument.read(made.output).root["password"]?.string)
    try server.start()
    let answer = try server.connection().request(
      "POST", "/api/v4/\(id)/objects/item.json",
      authorization: "Basic " + Data("\(id):\(password)".utf8).base64EncodedString(),
      body: #"{"item":{"number":1}}"#)
    #expect(answer.status == 200)
    #expect(server.stop() == 0)
    try older.write(to: URL(fileURLWithPath: server.data + "/control.db"))
    let again = try ChildProcess.run(create)
    #expect(again.code == 1)
    #expect(again.output.contains("\(id).db holds objects"), "\(again.output)")
    #expect(access("\(server.data)/deployments/\(id).db", F_OK) == 0)
  }
}
