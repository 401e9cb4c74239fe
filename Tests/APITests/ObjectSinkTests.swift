import API
import Attachments
import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Testing
import Wire

/// Another form of objects than JSON: a column for the display, then values as people read them, the objects embedded
/// in brackets.
private struct CSVSink: ObjectSink {
  let model: String
  let names: [String]

  var separator: StaticString { "\n" }
  var missing: StaticString { "-" }

  func open(_ writer: inout ByteWriter) { writer.append(text: (["display"] + names).joined(separator: ";") + "\n") }

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    writer.append(object.display)
    for position in object.columns.indices
    where object.modelName != model || names.contains(object.columns[position].name) {
      writer.append(";")
      append(object, position, to: &writer)
      guard let branch = object.embedded(at: position) else { continue }
      writer.append("[")
      if case .relationship(let id) = object.value(position) {
        gaps.append(EmbeddingGap(offset: writer.count, branch: branch, id: id))
      }
      writer.append("]")
    }
  }

  private func append(_ object: ObjectRow, _ position: Int, to writer: inout ByteWriter) {
    switch object.value(position) {
    case .null: break
    case .text(let text), .track(let text): writer.append(text)
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .date(let days): writer.append(integer: days)
    case .datetime(let seconds): writer.append(integer: seconds)
    case .choice(let key): if let label = object.label(key, position) { writer.append(label) }
    case .choices(let keys): for key in keys { writer.append(key) }
    case .location(let parts): for part in parts.prefix(2) { writer.append(part) }
    case .attachment(let id), .relationship(let id): writer.append(integer: Int64(id.high >> 32))
    }
  }

  func close(_ end: ListEnd, _ writer: inout ByteWriter) {
    writer.append("\n")
    writer.append(integer: Int64(end.count))
    writer.append(" of ")
    writer.append(integer: Int64(end.total ?? -1))
  }
}

/// The seam between reading objects and the form in which they leave.
@Suite("Objects yield rows into a sink")
struct ObjectSinkTests {
  /// What a list of flights is in the test's own form.
  private static func list(_ query: String, showing names: [String], _ api: TestAPI) async throws -> [String] {
    let deployment = try api.deployments.deployment(api.deploymentID)
    let calls = ObjectCalls(
      store: deployment.store, spool: SpoolFolder(path: "/tmp", memory: SpoolMemory(limit: 1 << 20)), blobs: nil)
    let view = calls.view
    let model = try #require(view["flight"])
    let links = AttachmentLinks(
      base: "https://x", deployment: deployment.id, signature: api.attachments.signature, at: api.clock.now)
    let context = ObjectContext(view: view, origin: "test", session: nil, links: links)
    let list = try ListQuery(try QueryPairs(query), on: model, in: view, totalByDefault: true)
    let answer = try await calls.list(model, list, in: context, to: CSVSink(model: "flight", names: names)).answer
    guard case .memory(let block) = answer else { return [] }
    return String(decoding: block.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test("typed values, labels and displays")
  func values() async throws {
    try await TestAPI.run { api in
      let body = """
        {"flight":{"title":"a","number":7,"distance":1.5,"day":"1970-01-03","departure":"1970-01-01T00:01:00Z","diverted":true,
        "status":"late","level":3,"tags":["a","c"],"position":{"latitude":1,"longitude":2}}}
        """
      let made = await api.send(.post, "objects/flight.json", body)
      #expect(made.status == 200, "\(made.text)")
      let lines = try await Self.list(
        "",
        showing: [
          "title", "number", "distance", "day", "departure", "diverted", "status", "level", "tags", "position",
          "airline",
        ], api)
      #expect(
        lines == [
          "display;title;number;distance;day;departure;diverted;status;level;tags;position;airline",
          " 7;a;7;1.5;2;60;Yes;Late;Three;\"a\"\"c\";12;", "1 of 1",
        ])
    }
  }

  @Test("embedded objects go where the sink left a gap, through the same sink")
  func embedded() async throws {
    try await TestAPI.run { api in
      await IncludeScenarios.fill(api)
      let lines = try await Self.list("include=airline&limit=4&sort[number]=1", showing: ["number", "airline"], api)
      #expect(
        lines == [
          "display;number;airline", #"U "A" 1;1;10[U "A";U "A"]"#, " 2;2;[]", " 3;3;13[-]", " 4;4;[]", "4 of 7",
        ])
    }
  }
}
