import Glibc
import JSON
import PostgresUnderTest
import ServerUnderTest
import Testing

/// What is changed at one of three real servers on one database is in force at the others within a second; tests wait
/// for longer, since the machine that runs them may be at work.
@Suite("Many nodes on one database", .serialized)
struct ManyNodesTests {
  private static let schema = """
    <data-model><model name="user" label="Crew"><field name="name" label="Name" type="text"/>
    <display>{name}</display></model></data-model>
    """

  private static let schemaWithField = schema.replacing(
    "<display>", with: "<field name=\"rank\" label=\"Rank\" type=\"integer\"/><display>")

  private func nodes(_ count: Int) throws -> [ServerUnderTest] {
    let first = try ServerUnderTest(
      schema: Self.schema, storage: try PostgresCluster.shared().database().address)
    return [first] + (try (1..<count).map { _ in try first.node() })
  }

  /// Until it holds, for ten seconds at most; says how long it took.
  private func eventually(_ what: String, _ holds: () throws -> Bool) throws {
    let began = ContinuousClock.now
    for _ in 0..<1000 {
      if try holds() { return print("Nodes: \(what) was in force after \(ContinuousClock.now - began).") }
      usleep(10_000)
    }
    Issue.record("for ten seconds it did not come to be: \(what)")
  }

  @Test("An object that one node has written is read at all, and their feeds are the same")
  func objects() async throws {
    let nodes = try nodes(3)
    let ids = try await withThrowingTaskGroup(of: [String].self) { group in
      for (number, node) in nodes.enumerated() {
        group.addTask {
          try (0..<20).map { turn in
            let made = try node.json("POST", "/objects/user.json", #"{"user": {"name": "\#(number)-\#(turn)"}}"#)
            try #require(made.status == 200, "\(made.text)")
            // It is there for every other node as soon as it is acknowledged.
            let id = try #require(try made.json["id"]?.string)
            for other in nodes { #expect(try other.json("GET", "/objects/user/\(id)").status == 200) }
            return id
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(ids).count == 60)
    let feeds = try nodes.map { try $0.json("GET", "/oplog.json?limit=1000").text }
    #expect(Set(feeds).count == 1)
    for node in nodes { #expect(try node.json("GET", "/objects/user/count.json").text.contains("60")) }
  }

  /// From the answer to a write at the first node to the end of a wait at the second.
  private func wake(_ nodes: [ServerUnderTest], _ text: String) async throws -> Duration {
    let end = try #require(try nodes[0].json("GET", "/oplog.json").json["next_request_start"]?.string)
    let wait = Task.detached { [node = nodes[1]] in
      let answer = try node.send("GET", "/oplog.json?wait=30&start=\(end)")
      return (answer, ContinuousClock.now)
    }
    try await Task.sleep(for: .milliseconds(20))
    #expect(try nodes[0].json("POST", "/objects/user.json", #"{"user": {"name": "\#(text)"}}"#).status == 200)
    let written = ContinuousClock.now
    let (answer, woken) = try await wait.value
    #expect(try answer.json["entries"]?.elements.map { $0 }.count == 1, "\(answer.text)")
    return woken - written
  }

  @Test("A wait for changes at one node ends with a write at another, also where no node is told of it")
  func waits() async throws {
    let database = try PostgresCluster.shared().database()
    let first = try ServerUnderTest(schema: Self.schema, storage: database.address)
    let nodes = [first, try first.node()]
    _ = try await wake(nodes, "first")
    var waits: [Duration] = []
    for turn in 0..<30 { waits.append(try await wake(nodes, "\(turn)")) }
    waits.sort()
    // From now on no notification comes through, and nodes go by their look of each second.
    try database.run("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC")
    var looks: [Duration] = []
    for turn in 30..<33 { looks.append(try await wake(nodes, "\(turn)")) }
    looks.sort()
    print(
      "A wait at another node ended \(waits[waits.count / 2]) after the answer to the write (median of \(waits.count); "
        + "longest \(waits.last ?? .zero)), and without notifications \(looks.last ?? .zero) after it (longest of "
        + "\(looks.count)).")
    // The look, and neither the end of the wait nor luck: with notifications none takes half as long.
    #expect(looks.allSatisfy { $0 < .seconds(5) })
  }

  @Test("A data model that a command deploys is in force at all nodes, and what was planned before is planned anew")
  func deploys() throws {
    let nodes = try nodes(2)
    let user = try #require(
      try nodes[0].json("POST", "/objects/user.json", #"{"user": {"name": "A"}}"#).json["id"]?.string)
    let file = try nodes[0].directory.write(Self.schemaWithField, to: "next.xml")
    let deployed = try nodes[0].command("data-model", "deploy", file, "--deployment", nodes[0].id)
    #expect(deployed.exitCode == 0, "\(deployed.errors)")
    for node in nodes {
      try eventually("the data model") { try node.json("GET", "/datamodel.json").text.contains("rank") }
      #expect(try node.json("PATCH", "/objects/user/\(user)", #"{"user": {"rank": 7}}"#).status == 200)
    }
    #expect(try nodes[1].json("GET", "/objects/user/\(user)").json["rank"]?.number?.text == "7")
  }

  @Test("A deployment, a token and a setting that commands make are in force at all nodes")
  func administration() throws {
    let nodes = try nodes(2)
    let first = nodes[0]
    let made = try first.command("token", "create", "--deployment", first.id, "--name", "etl", "--json")
    let token = try #require(try? JSONDocument.read(Array(made.output.utf8)).root["token"]?.string)
    func status(at node: ServerUnderTest) throws -> Int {
      try node.connection().request(
        "GET", node.base + "/info.json", headers: ["Authorization: Bearer \(token)"]
      ).status
    }
    for node in nodes { try eventually("the token") { try status(at: node) == 200 } }
    #expect(try first.command("token", "revoke", "--deployment", first.id, "--name", "etl").exitCode == 0)
    for node in nodes { try eventually("the end of the token") { try status(at: node) == 401 } }
    #expect(try first.command("limits", "set", "--deployment", first.id, "--rate", "0.01").exitCode == 0)
    for node in nodes { try eventually("the limit") { try node.json("GET", "/info.json").status == 429 } }

    let file = try first.directory.write(Self.schema, to: "second.xml")
    let second = try first.command(
      "deployment", "create", "--name", "second", "--environment", "testing", "--data-model", file, "--json")
    let root = try JSONDocument.read(Array(second.output.utf8)).root
    let (id, password) = (root["id"]?.string ?? "", root["password"]?.string ?? "")
    let basic = "Authorization: Basic \(ServerUnderTest.base64(Array("\(id):\(password)".utf8)))"
    for node in nodes {
      try eventually("the deployment") {
        try node.connection().request("GET", "/api/v4/\(id)/info.json", headers: [basic]).status == 200
      }
    }
    let deleted = try first.command(
      "deployment", "delete", "--deployment", id, "--yes", "--attachments", "\(first.directory.path)/attachments")
    #expect(deleted.exitCode == 0, "\(deleted.errors)")
    for node in nodes {
      try eventually("the end of the deployment") {
        try node.connection().request("GET", "/api/v4/\(id)/info.json", headers: [basic]).status >= 400
      }
    }
  }

  @Test("A user who is locked at one node is locked at all")
  func locks() throws {
    let nodes = try nodes(2)
    let user = try #require(
      try nodes[0].json("POST", "/objects/user.json", #"{"user": {"name": "Ada"}}"#).json["id"]?.string)
    #expect(try nodes[0].command("deployment", "set", "--deployment", nodes[0].id, "device_access=read").exitCode == 0)
    let token = try #require(
      try nodes[1].json("POST", "/users/\(user)/authentication-token").json["token"]?.string)
    let enrolled = try nodes[0].connection().request(
      "POST", nodes[0].base + "/enroll", headers: ["Content-Type: application/json"],
      body: Array(#"{"token": "\#(token)", "device": {"id": "d"}, "label": "tablet"}"#.utf8))
    try #require(enrolled.status == 200, "\(enrolled.text)")
    let pair = "\(try enrolled.json["enrollment_id"]?.string ?? ""):\(try enrolled.json["auth_token"]?.string ?? "")"
    let device = [
      "Authorization: Basic \(ServerUnderTest.base64(Array(pair.utf8)))", "Journey-Authentication-Type: Device",
    ]
    func status(at node: ServerUnderTest) throws -> Int {
      try node.connection().request("GET", node.base + "/objects/user.json", headers: device).status
    }
    for node in nodes { try eventually("access") { try status(at: node) == 200 } }
    #expect(try nodes[1].json("POST", "/users/\(user)/lock").status == 200)
    for node in nodes { try eventually("the lock") { try status(at: node) == 401 } }
  }

  @Test("A node that is killed takes nothing with it that it has acknowledged, and the others go on")
  func kills() throws {
    let nodes = try nodes(2)
    for turn in 0..<5 {
      let made = try nodes[turn % 2].json("POST", "/objects/user.json", #"{"user": {"name": "\#(turn)"}}"#)
      try #require(made.status == 200, "\(made.text)")
      nodes[turn % 2].kill()
      let id = try #require(try made.json["id"]?.string)
      #expect(try nodes[(turn + 1) % 2].json("GET", "/objects/user/\(id)").status == 200)
      try nodes[turn % 2].start()
    }
    #expect(try nodes[0].json("GET", "/oplog.json").json["entries"]?.elements.map { $0 }.count == 5)
  }

  @Test("While the database is gone nodes answer 503 with Retry-After, and go on when it is back")
  func noDatabase() throws {
    let cluster = try PostgresCluster()
    let node = try ServerUnderTest(schema: Self.schema, storage: try cluster.database().address)
    #expect(try node.json("POST", "/objects/user.json", #"{"user": {"name": "A"}}"#).status == 200)
    // All its processes at once: alone, the first of them would leave sessions that go on for a while.
    try cluster.stop(SIGQUIT)
    for (method, path, body) in [
      ("GET", "/objects/user.json", nil), ("POST", "/objects/user.json", #"{"user": {"name": "B"}}"#),
    ] {
      let answer = try node.json(method, path, body)
      #expect(
        answer.status == 503 && answer[header: "retry-after"] != nil, "\(method): \(answer.status) \(answer.text)")
    }
    try cluster.start()
    try eventually("answers") { try node.json("GET", "/objects/user.json").status == 200 }
    try eventually("writes") {
      try node.json("POST", "/objects/user.json", #"{"user": {"name": "C"}}"#).status == 200
    }
    #expect(try node.json("GET", "/oplog.json").json["entries"]?.elements.map { $0 }.count == 2)
  }

  @Test("A start says what is wrong with the database, and serves all the same")
  func remarks() throws {
    let cluster = try PostgresCluster(settings: ["max_connections = 20"])
    let node = try ServerUnderTest(schema: Self.schema, storage: try cluster.database().address)
    #expect(try node.json("GET", "/info.json").status == 200)
    #expect(node.log.contains("max_connections = 20") && node.log.contains("set max_connections to 24 or more"))
    #expect(node.log.contains("fsync = off"))
  }
}
