import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing
import Wire

/// `sojourn mirror` on the real server: killed at any moment, and told of restored copies.
@Suite(.serialized) struct MirrorTests {
  private let folder: TemporaryDirectory
  private let server: Server
  private var directory: String { folder.path + "/mirror" }

  init() throws {
    folder = try TemporaryDirectory()
    server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    let words = String(
      decoding: Data(base64Encoded: String(server.authorization.dropFirst(6))) ?? Data(), as: UTF8.self)
    try String(words.split(separator: ":")[1]).write(
      toFile: folder.path + "/password", atomically: true, encoding: .utf8)
  }

  private func words(_ more: [String]) -> [String] {
    [
      ChildProcess.binary, "mirror", "--base-url", "http://127.0.0.1:\(server.port)\(server.path(""))",
      "--password-file", folder.path + "/password", "--to", directory,
    ] + more
  }

  /// Brings the files up to date; what the command said.
  @discardableResult
  private func once() throws -> String {
    let (code, output) = try ChildProcess.run(words(["--once", "--json"]))
    #expect(code == 0, "\(output)")
    return output
  }

  /// What differs between the files and the deployment, object by object with all members but `display`.
  private func differences() throws -> [String] {
    let text = try String(contentsOfFile: directory + "/item.ndjson", encoding: .utf8)
    var mirrored: [String: [String: String]] = [:]
    for line in text.split(separator: "\n") {
      let object = try JSONDocument.read(String(line)).root
      let id = object["id"]?.string ?? ""
      if mirrored[id] != nil { return ["\(id) stands twice"] }
      mirrored[id] = Self.members(object)
    }
    var there: [String: [String: String]] = [:]
    let connection = try server.connection()
    var cursor = ""
    while true {
      let root = try connection.request(
        "GET", server.path("objects/item.json?limit=1000\(cursor)"), authorization: server.authorization
      ).json(expecting: 200)
      for object in root["objects"]?.elements.map({ $0 }) ?? [] {
        there[object["id"]?.string ?? ""] = Self.members(object)
      }
      guard let next = root["next"]?.string else { break }
      cursor = "&after=\(next)"
    }
    return Set(mirrored.keys).union(there.keys).filter { mirrored[$0] != there[$0] }.sorted().prefix(5)
      .map { "\($0): \(mirrored[$0] ?? [:]) is \(there[$0] ?? [:])" }
  }

  private static func members(_ object: JSONValue) -> [String: String] {
    Dictionary(
      object.members.filter { $0.key != "display" }.map { ($0.key, $0.value.rawText) }, uniquingKeysWith: { $1 })
  }

  @Test func aMirrorThatIsKilledAtRandomMomentsEndsEqual() throws {
    var authors = (1...3).map { Author($0, seed: 21) }
    var random = SplitMix(seed: 21)
    try server.start()
    let load = try Load(authors, on: server)
    for _ in 0..<12 {
      let mirror = try ChildProcess(words(["--wait", "1"]), output: folder.path + "/said")
      usleep(.random(in: 5000...300_000, using: &random))
      mirror.send(SIGKILL)
      _ = mirror.end()
    }
    let end = load.end(stop: true)
    authors = end.authors
    #expect(end.problems == [])
    try once()
    #expect(try differences() == [])
    // What is up to date is left as it is.
    let before = try String(contentsOfFile: directory + "/item.ndjson", encoding: .utf8)
    #expect(try once().contains(#""loads":0"#))
    #expect(try String(contentsOfFile: directory + "/item.ndjson", encoding: .utf8) == before)
    #expect(server.stop() == 0)
  }

  @Test func aMirrorLoadsAnewAfterARestoreAndWhenItsPlaceWasTrimmed() throws {
    var authors = (1...2).map { Author($0, seed: 22) }
    try server.start()
    // Of nothing: a deployment that was never written to.
    try once()
    #expect(try differences() == [])
    func work() throws {
      let load = try Load(authors, on: server)
      usleep(200_000)
      let end = load.end(stop: true)
      authors = end.authors
      #expect(end.problems == [])
    }
    try work()
    try once()
    #expect(try differences() == [])
    #expect(server.stop() == 0)
    let backup = folder.path + "/backup"
    #expect(try ChildProcess.run(["cp", "-a", server.data, backup]).code == 0)
    let kept = authors
    try server.start()
    try work()
    #expect(try once().contains(#""loads":0"#), "a new address is no new deployment")
    #expect(try differences() == [])
    #expect(server.stop() == 0)
    #expect(try ChildProcess.run(["rm", "-r", server.data]).code == 0)
    #expect(try ChildProcess.run(["cp", "-a", backup, server.data]).code == 0)
    authors = kept
    try server.start()
    let said = try once()
    #expect(said.contains("restored from a copy") && said.contains(#""loads":1"#), "\(said)")
    #expect(try differences() == [])
    try work()
    let trim = try ChildProcess.sojourn(
      "oplog", "trim", "--data-dir", server.data, "--deployment", server.deployment, "--before", "\(Int64.max)")
    #expect(trim.code == 0, "\(trim.output)")
    let again = try once()
    #expect(again.contains("cannot go on") && again.contains(#""loads":1"#), "\(again)")
    #expect(try differences() == [])
    let schema = folder.path + "/schema.xml"
    try Server.schema.replacingOccurrences(
      of: "<display>", with: "<field name=\"more\" label=\"More\" type=\"text\"/><display>"
    ).write(toFile: schema, atomically: true, encoding: .utf8)
    let deploy = try ChildProcess.sojourn(
      "data-model", "deploy", "--data-dir", server.data, "--deployment", server.deployment, schema)
    #expect(deploy.code == 0, "\(deploy.output)")
    #expect(try once().contains("the data model was changed"))
    #expect(try differences() == [])
    #expect(server.stop() == 0)
  }
}
