import HTTPServer
import JSON
import Storage
import Testing
import Wire

@testable import API

/// Tags and preconditions (api.md section 17).
@Suite("Tags")
struct TagScenarios {
  private static let id = "5e0c6d4a-0000-4000-8000-000000000001"
  private static let path = "objects/flight/\(id)"

  @Test("Every answer with one object carries the sequence of its last write")
  func carried() async throws {
    try await TestAPI.run { api in
      let made = await api.send(.post, "objects/flight", #"{"flight":{"id":"\#(Self.id)","title":"a"}}"#)
      let first = try #require(made.headers["etag"])
      let entry = try #require(await api.send(.get, "oplog").json?["entries"]?.elements.first { _ in true })
      #expect(first == "\"\(entry["sequence"]?.number?.integer ?? 0)\"")
      #expect(await api.send(.get, Self.path).headers["etag"] == first)
      #expect(await api.send(.head, Self.path).headers["etag"] == first)
      // Nothing is written, so nothing changes.
      #expect(await api.send(.patch, Self.path, #"{"flight":{"title":"a"}}"#).headers["etag"] == first)
      let patched = await api.send(.patch, Self.path, #"{"flight":{"title":"b"}}"#).headers["etag"]
      let put = await api.send(.put, Self.path, #"{"flight":{"title":"c"}}"#).headers["etag"]
      #expect(Set([first, patched, put]).count == 3)
      #expect(await api.send(.get, "\(Self.path)?include=airline").headers["etag"] == put)
      for path in ["objects/flight", "objects/flight/count", "objects/airline/\(Self.id)"] {
        #expect(await api.send(.get, path).headers["etag"] == nil, "\(path)")
      }
      #expect(await api.send(.delete, Self.path).headers["etag"] == nil)
    }
  }

  @Test("A read of what the client has is 304, without a body and with the tag that it named")
  func unchanged() async throws {
    try await TestAPI.run { api in
      let made = await api.send(.post, "objects/flight", #"{"flight":{"id":"\#(Self.id)","title":"a"}}"#)
      let tag = try #require(made.headers["etag"])
      let coded = "\(tag.dropLast())-gzip\""
      let rows: [(String, String?)] = [
        (tag, tag), (coded, coded), ("*", tag), ("\"1\", \(coded)", coded), (" \"a,b\" ,\(tag),", tag),
        ("W/\(tag)", nil),
        ("\"1\"", nil), (String(tag.dropFirst().dropLast()), nil), ("", nil), ("\"", nil), ("W/", nil),
        ("*, \(tag)", nil),
        ((1...100).map { "\"\($0)\"" }.joined(separator: ",") + ",\(tag)", nil),
        (String(repeating: ",", count: 60_000) + tag, tag), (String(repeating: "\"", count: 60_000), nil),
      ]
      for (field, held) in rows {
        for (method, path) in [(Method.get, Self.path), (.head, Self.path), (.get, "\(Self.path).json?x=1")] {
          let headers = ["If-None-Match": field]
          let answer = await api.send(method, path, headers: headers)
          #expect(answer.status == (held == nil ? 200 : 304), "\(field.prefix(100))")
          #expect(answer.headers["etag"] == held ?? tag)
          #expect(answer.headers["cache-control"] == "no-store" && answer.headers["x-sojourn-sequence"] != nil)
          if held != nil { #expect(answer.text.isEmpty && answer.headers["content-type"] == nil) }
        }
      }
      // Objects that are embedded change without it.
      let embedding = await api.send(.get, "\(Self.path)?include=airline", headers: ["If-None-Match": tag])
      #expect(embedding.status == 200)
      _ = await api.send(.patch, Self.path, #"{"flight":{"title":"b"}}"#)
      #expect(await api.send(.get, Self.path, headers: ["If-None-Match": tag]).status == 200)
      #expect(await api.send(.get, "objects/flight/\(UUIDs.other)", headers: ["If-None-Match": "*"]).status == 404)
    }
  }

  private enum UUIDs { static let other = "5e0c6d4a-0000-4000-8000-000000000009" }

  /// A write with headers on an object that is there or not: its status.
  struct Row: CustomTestStringConvertible, Sendable {
    let headers: [String: String]
    /// As `PATCH`, `PUT` and `DELETE` are answered where the object is there, and where it is not.
    let there: [Int]
    let gone: [Int]
    var testDescription: String { headers.map { "\($0): \($1)" }.sorted().joined(separator: "; ") }
  }

  /// TAG stands for the object's tag.
  static let rows: [Row] = [
    Row(headers: [:], there: [200, 200, 200], gone: [404, 200, 404]),
    Row(headers: ["If-Match": "TAG"], there: [200, 200, 200], gone: [412, 412, 412]),
    Row(headers: ["If-Match": "\"1\" , TAG"], there: [200, 200, 200], gone: [412, 412, 412]),
    Row(headers: ["If-Match": "*"], there: [200, 200, 200], gone: [412, 412, 412]),
    Row(headers: ["If-Match": "\"1\""], there: [412, 412, 412], gone: [412, 412, 412]),
    Row(headers: ["If-Match": "\"other\""], there: [412, 412, 412], gone: [412, 412, 412]),
    Row(headers: ["If-Match": "W/TAG"], there: [412, 412, 412], gone: [412, 412, 412]),
    Row(headers: ["If-None-Match": "*"], there: [200, 412, 200], gone: [404, 200, 404]),
    Row(headers: ["If-None-Match": "*", "If-Match": "TAG"], there: [200, 412, 200], gone: [412, 412, 412]),
    // What cannot be read is refused, as passing over it could overwrite what it was to keep.
    Row(headers: ["If-Match": ""], there: [400, 400, 400], gone: [400, 400, 400]),
    Row(headers: ["If-Match": "7"], there: [400, 400, 400], gone: [400, 400, 400]),
    Row(headers: ["If-Match": "*, TAG"], there: [400, 400, 400], gone: [400, 400, 400]),
    Row(headers: ["If-None-Match": "TAG"], there: [200, 400, 200], gone: [404, 400, 404]),
    // Dates are passed over.
    Row(
      headers: ["If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT", "If-Modified-Since": "x"],
      there: [200, 200, 200], gone: [404, 200, 404]),
  ]

  @Test("A write is done where the object is as it wants", arguments: rows)
  func writes(row: Row) async throws {
    try await TestAPI.run { api in
      for (index, method) in [Method.patch, .put, .delete].enumerated() {
        for isThere in [true, false] {
          let id = ObjectID(high: 0x1111_2222_3333_4444, low: UInt64(index * 2 + (isThere ? 1 : 0)))
          let path = "objects/flight/\(id)"
          var tag = "\"77\""
          if isThere { tag = await api.send(.put, path, #"{"flight":{"title":"a"}}"#).headers["etag"] ?? "" }
          let headers = row.headers.mapValues { $0.replacing("TAG", with: tag) }
          let body = method == .delete ? "" : #"{"flight":{"title":"b"}}"#
          let answer = await api.send(method, path, body, headers: headers)
          #expect(answer.status == (isThere ? row.there : row.gone)[index], "\(method) \(isThere): \(answer.detail)")
          let now = await api.send(.get, path)
          if answer.status == 412 {
            #expect(answer.type == "CONFLICT")
            let sequence = tag.dropFirst().dropLast()
            #expect(answer.detail.contains(isThere ? "the sequence \(sequence)." : "There is no flight"))
          }
          if answer.status >= 400 {
            #expect(now.status == (isThere ? 200 : 404) && now.headers["etag"] == (isThere ? tag : nil))
          }
        }
      }
    }
  }

  @Test("Two who change what both have read: the second is told, reads again, and loses nothing")
  func lostUpdate() async throws {
    try await TestAPI.run { api in
      let first = await api.send(.put, Self.path, #"{"flight":{"title":"a","number":1}}"#).headers["etag"] ?? ""
      let ours = await api.send(
        .patch, Self.path, #"{"flight":{"title":"b"}}"#, headers: ["If-Match": first])
      #expect(ours.status == 200)
      let theirs = await api.send(.put, Self.path, #"{"flight":{"number":2}}"#, headers: ["If-Match": first])
      #expect(theirs.status == 412)
      let now = await api.send(.get, Self.path)
      #expect(now.json?["title"]?.string == "b" && now.headers["etag"] == ours.headers["etag"])
      let again = await api.send(
        .put, Self.path, #"{"flight":{"title":"b","number":2}}"#, headers: ["If-Match": now.headers["etag"] ?? ""])
      #expect(again.status == 200)
    }
  }

  @Test("An operation of a batch names its object's sequence, and fails alone")
  func batch() async throws {
    try await TestAPI.run { api in
      let tag = await api.send(.put, Self.path, #"{"flight":{"title":"a"}}"#).headers["etag"] ?? ""
      let sequence = tag.dropFirst().dropLast()
      func operation(_ method: String, _ more: String, _ id: String = Self.id) -> String {
        #"{"method":"\#(method)",\#(more),"object":{"type":"flight","id":"\#(id)"}}"#
      }
      func send(_ operations: [String], _ more: String = "") async -> TestAPI.Answer {
        await api.send(.post, "batch", "{\"operations\":[\(operations.joined(separator: ","))]\(more)}")
      }
      let answer = await send([
        operation("patch", #""if_match":"\#(sequence)""#), operation("patch", #""if_match":"*""#),
        operation("put", #""if_none_match":"*""#), operation("post", #""if_none_match":"*""#),
        operation("delete", #""if_match":"12""#), operation("delete", #""if_match":"99999999999999999999""#),
        operation("put", #""if_none_match":"*""#, UUIDs.other), operation("delete", #""if_match":"*""#, UUIDs.other),
        operation("delete", #""if_match":"*""#, UUIDs.other), operation("delete", #""if_match":null"#, UUIDs.other),
      ])
      let results = answer.json?["operations"]?.elements.map { $0["error"]?["type"]?.string ?? "done" } ?? []
      let expected = [
        "done", "done", "CONFLICT", "CONFLICT", "CONFLICT", "CONFLICT", "done", "done", "CONFLICT", "OBJECT_NOT_FOUND",
      ]
      #expect(results == expected, "\(answer.text)")
      let operations = answer.json?["operations"]?.elements.map { $0["error"]?["detail"]?.string ?? "" } ?? []
      #expect(operations.dropFirst(2).prefix(4).allSatisfy { $0.contains("the sequence \(sequence).") })
      let atomic = await send(
        [#"{"method":"post","object":{"type":"flight"}}"#, operation("delete", #""if_match":"1""#)], #","atomic":true"#)
      let types = atomic.json?["operations"]?.elements.map { $0["error"]?["type"]?.string ?? "done" } ?? []
      #expect(types == ["OPERATION_SKIPPED", "CONFLICT"])
      #expect(await api.send(.get, "objects/flight/count").json?["count"]?.number?.integer == 1)
      for wrong in [
        #""if_match":7"#, #""if_match":"""#, #""if_match":"-1""#, #""if_match":[]"#, #""if_none_match":"1""#,
      ] {
        let refused = await send([operation("put", wrong)])
        #expect(refused.status == 400 && refused.detail.hasPrefix("operations[0]: \"if_"), "\(wrong): \(refused.text)")
      }
    }
  }
}
