import Crypto
import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing
import Wire

/// Data directories as earlier versions wrote them (script/support/keep-layout), with what those answered: this version
/// opens each, and answers the same.
@Suite(.serialized) struct KeptLayoutTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("KeptLayouts")
    .path
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".tar.gz") }.sorted()

  @Test func someAreKept() { #expect(Self.names.count >= 4) }

  @Test(arguments: names) func aKeptDirectoryIsOpenedAndAnswersAsItDid(_ name: String) throws {
    let (server, kept) = try Self.unpacked(name)
    let isOlder = try Self.layouts(server, kept) != Self.present
    let doctor = try server.command("doctor", "--json")
    #expect(doctor.output.contains("older_layout") == isOlder, "\(doctor.output)\(doctor.errors)")
    #expect(try Self.layouts(server, kept) != Self.present || !isOlder, "doctor changed it")

    try server.start()
    for pass in ["first", "second"] {
      for answer in kept["answers"]?.elements.map({ $0 }) ?? [] {
        let path = answer["path"]?.string ?? ""
        let found = try Self.get(path, server, kept)
        try #require(found.status == 200, "\(path): \(found.status) \(found.text.prefix(300))")
        let wanted = try #require(answer["body"])
        #expect(
          Self.differences(try JSONDocument.read(found.body).root, wanted).prefix(3) == [], "\(path), \(pass) start")
      }
      try Self.checkFiles(server, kept)
      try Self.checkPages(server, kept)
      try server.stop()
      try server.start()
    }
    #expect(try Self.layouts(server, kept) == Self.present)
    for command in kept["commands"]?.elements.map({ $0 }) ?? [] {
      let words = command["words"]?.elements.compactMap(\.string) ?? []
      let run = try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", Self.id(kept)])
      let found = try JSONDocument.read(Array(run.output.utf8)).root
      let wanted = try #require(command["output"])
      #expect(Self.differences(found, wanted) == [], "\(words)")
    }
    let check = try server.command("fsck")
    #expect(check.exitCode == 0, "\(check.output)\(check.errors)")
    try server.start()
    try Self.checkWriting(server, kept)
  }

  // MARK: What is kept.

  private static func id(_ kept: JSONValue) -> String { kept["deployment"]?.string ?? "" }

  /// A server that does not run, with the directory in place of its own.
  private static func unpacked(_ name: String) throws -> (ServerUnderTest, JSONValue) {
    let server = try ServerUnderTest(
      schema: #"<data-model><model name="a" label="A"><display>a</display></model></data-model>"#,
      arguments: ["--second-factor", "none"])
    try server.stop()
    try FileManager.default.removeItem(atPath: server.dataDirectory)
    let log = server.directory.path + "/tar.log"
    let tar = try ChildProcess(
      "tar", ["-C", server.directory.path, "--no-same-owner", "-xzf", "\(folder)/\(name)"], output: log, errors: log)
    #expect(try tar.wait() == 0, "\(tar.output)")
    let text = TemporaryDirectory.text(of: server.directory.path + "/expected.json")
    return (server, try JSONDocument.read(Array(text.utf8)).root)
  }

  /// The layouts of a new directory's files.
  private static let present: [Int] = {
    guard
      let server = try? ServerUnderTest(
        schema: #"<data-model><model name="a" label="A"><display>a</display></model></data-model>"#),
      (try? server.stop()) != nil
    else { return [] }
    return layouts(in: server.dataDirectory, server.id)
  }()

  private static func layouts(_ server: ServerUnderTest, _ kept: JSONValue) throws -> [Int] {
    try server.stop()
    return layouts(in: server.dataDirectory, id(kept))
  }

  private static func layouts(in directory: String, _ id: String) -> [Int] {
    ["\(directory)/deployments/\(id).db", "\(directory)/control.db"].map { path in
      // `user_version`, as SQLite documents it.
      (FileManager.default.contents(atPath: path)?[60..<64] ?? Data()).reduce(0) { $0 << 8 | Int($1) }
    }
  }

  // MARK: Asking.

  private static func get(_ path: String, _ server: ServerUnderTest, _ kept: JSONValue) throws -> Answer {
    try send("GET", path, nil, server, kept)
  }

  private static func send(
    _ method: String, _ path: String, _ body: String?, _ server: ServerUnderTest, _ kept: JSONValue
  ) throws -> Answer {
    let secret = ServerUnderTest.base64(Array("\(id(kept)):\(kept["password"]?.string ?? "")".utf8))
    return try server.connection().request(
      method, "/api/v4/\(id(kept))\(path)",
      headers: ["Authorization: Basic \(secret)", "Content-Type: application/json"], body: body.map { Array($0.utf8) })
  }

  /// Attachments have the bytes that they had.
  private static func checkFiles(_ server: ServerUnderTest, _ kept: JSONValue) throws {
    for file in kept["files"]?.elements.map({ $0 }) ?? [] {
      let object = try JSONDocument.read(get(file["path"]?.string ?? "", server, kept).body).root
      let address = try #require(object[file["field"]?.string ?? ""]?["original"]?.string)
      let path = try #require(address.range(of: "/api/")).lowerBound
      let found = try server.connection().request("GET", String(address[path...]))
      #expect(found.status == 200 && found.body == Base64.decode(file["text"]?.string ?? "-"))
    }
  }

  /// Who could sign in can, and finds the pages that were there.
  private static func checkPages(_ server: ServerUnderTest, _ kept: JSONValue) throws {
    let pages = kept["pages"]?.elements.map { $0 } ?? []
    guard !pages.isEmpty else { return }
    let form = [("email", kept["email"]?.string ?? ""), ("password", kept["person_password"]?.string ?? "")]
    let answer = try server.connection().request(
      "POST", "/databrowser/sign-in",
      headers: ["Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"],
      body: Array(form.map { "\($0.0)=\(PercentText.encode($0.1))" }.joined(separator: "&").utf8))
    #expect(answer.status == 303)
    let cookies = answer.headers.filter { $0.name.lowercased() == "set-cookie" }.map { $0.value.prefix { $0 != ";" } }
    for page in pages {
      let path = "/databrowser/\(id(kept))\(page["path"]?.string ?? "")"
      let found = try server.connection().request(
        "GET", path, headers: ["Cookie: \(cookies.joined(separator: "; "))"])
      #expect(found.status == 200, "\(path)")
      for text in page["texts"]?.elements.compactMap(\.string) ?? [] { #expect(found.text.contains(text), "\(path)") }
    }
  }

  /// It goes on: the next change has the next sequence, and its object's history.
  private static func checkWriting(_ server: ServerUnderTest, _ kept: JSONValue) throws {
    let flight = "0e6e3e7a-0000-4000-8000-000000000100"
    let before = try JSONDocument.read(get("/oplog.json?tail=true&limit=1", server, kept).body).root
    let changed = try send("PATCH", "/objects/flight/\(flight).json", #"{"flight":{"number":4711}}"#, server, kept)
    #expect(changed.status == 200, "\(changed.text)")
    let after = try JSONDocument.read(get("/oplog.json?tail=true&limit=1", server, kept).body).root
    func sequence(_ page: JSONValue) -> Int64 {
      page["entries"]?.elements.map({ $0 }).last?["sequence"]?.number?.integer ?? 0
    }
    #expect(sequence(after) > sequence(before) && sequence(before) > 0)
  }

  // MARK: Comparing.

  /// Where `found` lacks something of `wanted`, or has something else there. Keys of its own are no difference: answers
  /// may gain some.
  private static func differences(_ found: JSONValue, _ wanted: JSONValue, at path: String = "") -> [String] {
    if wanted.isObject, found.isObject {
      return wanted.members.flatMap { member in
        guard let value = found[member.key] else { return ["\(path).\(member.key) is missing"] }
        return differences(value, member.value, at: "\(path).\(member.key)")
      }
    }
    if wanted.isArray, found.isArray {
      guard wanted.count == found.count else { return ["\(path) has \(found.count) elements, not \(wanted.count)"] }
      return zip(found.elements, wanted.elements).enumerated().flatMap { index, pair in
        differences(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    }
    if let one = found.string, let other = wanted.string {
      return one == other ? [] : ["\(path) is \(one), not \(other)"]
    }
    return found.rawText == wanted.rawText ? [] : ["\(path) is \(found.rawText), not \(wanted.rawText)"]
  }
}
