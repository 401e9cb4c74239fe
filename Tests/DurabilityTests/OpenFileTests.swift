import Foundation
import JSON
import ServerUnderTest
import Testing

/// A process that may have few files open, and many deployments.
@Suite(.serialized) struct OpenFileTests {
  /// A server with `count` deployments.
  private static func server(in folder: TemporaryDirectory, deployments count: Int) throws -> Server {
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    for number in 1..<count {
      let made = try ChildProcess.sojourn(
        "deployment", "create", "--data-dir", server.data, "--name", "n\(number)", "--environment", "testing",
        "--data-model", folder.path + "/log.schema.xml")
      #expect(made.code == 0, "\(made.output)")
    }
    return server
  }

  @Test func theLimitIsRaisedToWhatTheDeploymentsNeed() throws {
    let folder = try TemporaryDirectory()
    let server = try Self.server(in: folder, deployments: 25)
    // Files of the server alone are some thirty.
    try server.start(limits: "ulimit -Sn 64;")
    #expect(!server.output.contains("cannot be opened") && !server.output.contains("503"))
    let answer = try server.connection().request("GET", "/health/ready", authorization: nil)
    #expect(try answer.json(expecting: 200)["detail"]?.string == "The server is ready.")
    #expect(try server.objects().isEmpty)
    #expect(server.stop() == 0)
  }

  @Test func aHardLimitThatIsTooLowForAllAtOnceIsNamedAndAllAreServed() throws {
    let folder = try TemporaryDirectory()
    let server = try Self.server(in: folder, deployments: 25)
    try server.start(limits: "ulimit -n 150;")
    let log = server.output
    #expect(log.contains("may have 150 files open (the hard limit, RLIMIT_NOFILE)") && log.contains("LimitNOFILE="))
    // Each is opened once and closed again.
    #expect(!log.contains("may have no more files open than it has"), "\(log)")
    #expect(!log.contains("deployment delete"))
    let answer = try server.connection().request("GET", "/health/ready", authorization: nil)
    #expect(try answer.json(expecting: 200)["detail"]?.string == "The server is ready.")
    #expect(try server.objects().isEmpty)
    #expect(server.stop() == 0)
  }

  @Test func aHardLimitThatIsTooLowToOpenAnythingIsNamedAndNobodyIsToldToDelete() throws {
    let folder = try TemporaryDirectory()
    let server = try Self.server(in: folder, deployments: 3)
    try server.launch(limits: "ulimit -n 70;")
    var port: UInt16?
    for _ in 0..<2000 where port == nil {
      usleep(5000)
      port = server.output.firstMatch(of: #/Listening at http://127\.0\.0\.1:(\d+)"/#).flatMap { UInt16($0.1) }
    }
    let log = server.output
    #expect(log.contains("may have no more files open than it has"), "\(log)")
    #expect(!log.contains("deployment delete"))
    let answer = try HTTPConnection(port: try #require(port)).request("GET", "/health/ready", authorization: nil)
    let detail = try answer.json(expecting: 503)["detail"]?.string ?? ""
    #expect(detail.hasPrefix("The server may have too few files open for "), "\(detail)")
    #expect(server.stop() == 0)
    try server.start()
    #expect(server.stop() == 0)
  }

  @Test func aCommandOpensTheDeploymentThatItIsAboutAlone() throws {
    let folder = try TemporaryDirectory()
    let server = try Self.server(in: folder, deployments: 3)
    let files = try FileManager.default.contentsOfDirectory(atPath: server.data + "/deployments")
    // Opening a deployment writes its marker.
    let others = files.filter { $0.hasSuffix(".marker") && !$0.hasPrefix(server.deployment) }
      .map { "\(server.data)/deployments/\($0)" }
    #expect(others.count == 2)
    for path in others { try FileManager.default.removeItem(atPath: path) }
    let other = try #require(others.first.map { String($0.split(separator: "/").last?.prefix(24) ?? "") })
    for words in [
      ["deployment", "get", "--deployment", server.deployment], ["token", "list", "--deployment", server.deployment],
      ["data-model", "history", "--deployment", server.deployment],
      ["data-model", "check", "--deployment", server.deployment, folder.path + "/log.schema.xml"],
      ["fsck", "--deployment", server.deployment],
      [
        "deployment", "create", "--name", "new", "--environment", "testing", "--data-model",
        folder.path + "/log.schema.xml",
      ],
    ] {
      let done = try ChildProcess.run([ChildProcess.binary] + words + ["--data-dir", server.data])
      #expect(done.code == 0, "\(words): \(done.output)")
      #expect(!others.contains { FileManager.default.fileExists(atPath: $0) }, "\(words)")
    }
    // One that is not open is there all the same.
    let taken = try ChildProcess.sojourn(
      "deployment", "create", "--name", "new", "--environment", "testing", "--data-model",
      folder.path + "/log.schema.xml", "--id", other, "--data-dir", server.data)
    #expect(taken.code == 1 && taken.output.contains("There is a deployment \(other) already."), "\(taken.output)")
    // fsck over all looks at each, and at nothing of those that are there as if they were gone.
    let checked = try ChildProcess.sojourn("fsck", "--data-dir", server.data, "--json")
    // Before it stand the lines about those that have no marker.
    let root = try JSONDocument.read(checked.output.split(separator: "\n").last.map(String.init) ?? "").root
    #expect(root["deployments"]?.elements.count { _ in true } == 4 && root["strays"]?.elements.count { _ in true } == 0)
    let gone = try ChildProcess.sojourn(
      "deployment", "delete", "--yes", "--deployment", other, "--data-dir", server.data)
    #expect(gone.code == 0, "\(gone.output)")
    #expect(!FileManager.default.fileExists(atPath: "\(server.data)/deployments/\(other).db"))
  }
}
