import Crypto
import Foundation
import JSON
import PostgresUnderTest
import ServerUnderTest
import Testing
import Wire

/// What operators of several nodes look at, and files that nodes share.
@Suite("Looking after many nodes", .serialized)
struct NodeOperationTests {
  private static let schema = """
    <data-model><model name="crate" label="Crate"><field name="number" label="Number" type="integer"/>
    <field name="file" label="File" type="attachment" media="any"/><display>{number}</display></model></data-model>
    """

  private func make(_ number: Int, at node: ServerUnderTest) throws {
    let made = try node.json("POST", "/objects/crate.json", #"{"crate": {"number": \#(number)}}"#)
    try #require(made.status == 200, "\(made.text)")
  }

  @Test("fsck of a database looks at one state of it beside nodes at work, and names what is wrong")
  func check() throws {
    let database = try PostgresCluster.shared().database()
    let node = try ServerUnderTest(schema: Self.schema, storage: database.address)
    for number in 1...3 { try make(number, at: node) }
    let whole = try node.command("fsck")
    #expect(whole.exitCode == 0, "\(whole.output)\(whole.errors)")
    #expect(whole.output.contains("\(node.id): models: 1, objects: 3, entries of the oplog: 3, findings: 0"))
    #expect(whole.output.contains("the bytes of attachments were not looked at"))
    let attachments = "\(node.directory.path)/attachments"
    let both = try node.command("fsck", "--json", "--attachments", attachments)
    let root = try JSONDocument.read(Array(both.output.utf8)).root
    let found = try #require(root["deployments"]?.elements.map { $0 }.first)
    #expect(
      both.exitCode == 0 && found["blobs"]?.number?.integer == 0 && found["tables"]?["objects"]?.number?.integer == 3)
    try database.run(
      "INSERT INTO d_\(node.id).counters SELECT 1, max(number) + 1, 7, 3 FROM d_\(node.id).commits")
    for words in [["fsck"], ["fsck", "--deployment", "under test", "--repair", "--attachments", attachments]] {
      let wrong = try node.command(words)
      #expect(wrong.exitCode == 1, "\(wrong.output)\(wrong.errors)")
      #expect(wrong.output.contains("counts: the model crate has 3 objects, and 7 are counted"), "\(wrong.output)")
    }
    let json = try node.command("fsck", "--json")
    #expect(json.exitCode == 1 && json.output.contains(#""part":"counts""#), "\(json.output)")
    try database.run("DROP TABLE d_\(node.id).leases")
    let broken = try node.command("fsck", "--deployment", node.id)
    #expect(broken.exitCode == 1 && broken.output.contains("tables: the table leases is missing"), "\(broken.output)")
    let unknown = try node.command("fsck", "--deployment", "nobody")
    #expect(unknown.exitCode == 1)
  }

  @Test("Metrics of a node tell of its connections, of locks and of what it hears")
  func metrics() throws {
    let node = try ServerUnderTest(
      schema: Self.schema, storage: try PostgresCluster.shared().database().address,
      arguments: ["--admin-listen", "http://127.0.0.1:0"])
    try make(1, at: node)
    let port = try MonitoringTests.adminPort(node)
    func page() throws -> String { try HTTPConnection(port: port).request("GET", "/metrics").text }
    for _ in 0..<500 where try !page().contains("sojourn_postgres_notification_lag_seconds_count 1\n") {
      usleep(10_000)
    }
    let text = try page()
    for series in [
      #"postgres_connections{kind="listener",state="lent"} 1"#, #"postgres_connection_waiters{kind="writer"} 0"#,
      #"postgres_connection_refusals_total{kind="reader"} 0"#, #"postgres_connection_losses_total{kind="writer"} 0"#,
      #"postgres_lock_wait_seconds_count{deployment="\#(node.id)"} 1"#, "postgres_notification_lag_seconds_count 1",
      #"postgres_doubtful_commits_total{deployment="\#(node.id)",outcome="unknown"} 0"#,
      #"feed_renewals_total{deployment="\#(node.id)"} 0"#,
    ] {
      #expect(text.contains("\nsojourn_\(series)\n"), "\(series)")
    }
    #expect(text.contains("\nsojourn_postgres_clock_skew_seconds "))
    #expect(!text.contains("sojourn_checkpoints_total") && !text.contains("sojourn_log_bytes"))
  }

  @Test("Bytes that one node took in are served by the other, and come again after they were unlinked")
  func attachments() throws {
    let first = try ServerUnderTest(schema: Self.schema, storage: try PostgresCluster.shared().database().address)
    let second = try first.node()
    let bytes = Array("many nodes, one folder".utf8)
    for (here, there) in [(first, second), (second, first), (first, second)] {
      let sent = try here.send("POST", "/attachments", headers: ["Content-Type: text/plain"], body: bytes)
      try #require(sent.status == 200, "\(sent.text)")
      let id = try sent.json["id"]?.string ?? ""
      let made = try there.json("POST", "/objects/crate.json", #"{"crate": {"file_id": "\#(id)"}}"#)
      try #require(made.status == 200, "\(made.text)")
      let address = try #require(try made.json["file"]?["original"]?.string)
      for node in [here, there] {
        let path = try #require(URL(string: address).map { $0.path + ($0.query.map { "?\($0)" } ?? "") })
        let got = try node.connection().request("GET", path)
        #expect(got.status == 200 && got.body == bytes, "\(got.status) \(address)")
      }
      let object = try made.json["id"]?.string ?? ""
      #expect(try here.json("DELETE", "/objects/crate/\(object)").status == 200)
    }
    let checked = try first.command("fsck", "--attachments", "\(first.directory.path)/attachments")
    #expect(
      checked.exitCode == 0 && checked.output.contains("1 blobs, \(bytes.count) bytes: 0 missing"), "\(checked.output)")
  }
}
