import Attachments
import CCountedAllocations
import Deployments
import Foundation
import HTTPServer
import QueryLanguage
import Storage
import StorageUnderTest
import Testing
import Wire

@testable import Objects

@Suite("What printing objects allocates")
struct RowAllocations {
  private static let schema = """
    <data-model>
      <model name="site" label="Site">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
      <model name="inspection" label="Inspection">
        <field name="remark" label="Remark" type="text"/>
        <field name="due_on" label="Due on" type="date"/>
        <field name="pressure" label="Pressure" type="number"/>
        <field name="visits" label="Visits" type="integer"/>
        <field name="passed" label="Passed" type="boolean"/>
        <field name="state" label="State" type="single-choice">
          <option key="ok">OK</option>
          <option key="worn">Worn</option>
        </field>
        <field name="faults" label="Faults" type="multiple-choice">
          <option key="leak">Leak</option>
          <option key="rust">Rust</option>
        </field>
        <field name="position" label="Position" type="location"/>
        <field name="done_at" label="Done at" type="datetime"/>
        <belongs-to model="site"/>
        <display>{site} {pressure} {due_on} {state} {faults} {position}</display>
      </model>
    </data-model>
    """

  @Test(
    "nothing for a row, and little for a page",
    .enabled(if: TestStorage.isSQLite, "allocations.txt counts what a read of SQLite allocates, too"))
  func allowed() async throws {
    guard counted_allocations_work() != 0 else { return }
    try await TestAPI.run(schema: Self.schema) { api in
      try await fill(api)
      let deployment = try api.deployments.deployment(api.deploymentID)
      let calls = ObjectCalls(
        store: deployment.store, spool: SpoolFolder(path: api.path, memory: SpoolMemory(limit: 1 << 20)), blobs: nil
      )
      let (short, long) = (try await allocations(calls, rows: 100), try await allocations(calls, rows: 1000))
      // Buffers that double are few, whatever the number of rows.
      try check("list-of-100", short)
      try check("each-further-row", max(0, long - short - 24) / 900)
      try check("one-object", try await allocationsOfOne(calls))
    }
  }

  private func fill(_ api: TestAPI) async throws {
    let site = "5e0c6d4a-0000-4000-8000-000000000001"
    let made = await api.send(.post, "objects/site", "{\"site\":{\"id\":\"\(site)\",\"name\":\"North \\\"1\\\"\"}}")
    #expect(made.status == 200 || made.status == 201)
    for batch in 0..<12 {
      let operations = (0..<100).map { row in
        """
        {"method":"post","object":{"type":"inspection","remark":"seal \(row)","due_on":"2024-02-29",\
        "pressure":\(Double(row) / 8),"visits":\(row),"passed":true,"state":"worn","faults":["rust","leak"],\
        "position":{"latitude":1.5,"longitude":2.25},"done_at":"2024-02-29T10:00:00Z","site_id":"\(site)"}}
        """
      }
      let answer = await api.send(.post, "batch", "{\"operations\":[\(operations.joined(separator: ","))]}")
      #expect(answer.status == 200, "batch \(batch): \(answer.text.prefix(300))")
    }
  }

  private func allocations(_ calls: ObjectCalls, rows: Int) async throws -> Int {
    let view = calls.view
    let model = try #require(view["inspection"])
    let query = try ListQuery(
      on: model, predicate: .isNotNull(.column(0)), sort: [], bounds: PageBounds(limit: rows), hasTotal: true)
    return try await counted(calls) {
      _ = try calls.list(model, query, in: Self.context(view), to: JSONSink(), from: $0)
    }
  }

  private func allocationsOfOne(_ calls: ObjectCalls) async throws -> Int {
    let view = calls.view
    let model = try #require(view["inspection"])
    let id = try await calls.store.read { snapshot in
      var found: ObjectID?
      try snapshot.list(ReadPlan(model: model.stored, limit: 1)) { found = $0.id(0) }
      return found
    }
    let one = try #require(id)
    return try await counted(calls) { snapshot in
      let found = try calls.object(
        model, one, including: .none, in: Self.context(view), to: JSONSink(), from: snapshot)
      #expect(found != nil)
    }
  }

  private static func context(_ view: DataModelView) -> ObjectContext {
    ObjectContext(view: view, origin: "test", session: nil, links: links)
  }

  /// What the third time takes: statements are prepared, and related objects known.
  private func counted(
    _ calls: ObjectCalls, _ body: @escaping @Sendable (any Snapshot) throws -> Void
  ) async throws -> Int {
    try await calls.store.read { snapshot in
      for _ in 0..<2 { try body(snapshot) }
      counted_allocations_begin()
      try body(snapshot)
      return counted_allocations_now()
    }
  }

  private static let links = AttachmentLinks(
    base: "http://localhost", deployment: "d", signature: AttachmentSignature(key: [1]), at: .first)

  /// Holds the count to the file beside this one.
  private func check(_ name: String, _ count: Int) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("allocations.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    let words = try #require(lines.map { $0.split(separator: " ") }.first { $0[0] == name })
    #if DEBUG
      let most = try #require(Int(words[2]))
    #else
      let most = try #require(Int(words[1]))
    #endif
    print("allocations: \(name) \(count)")
    #expect(count <= most, "\(name): \(count) blocks, and allocations.txt allows \(most)")
  }
}
