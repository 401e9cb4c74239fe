import Deployments
import HTTPServer
import JSON
import StorageUnderTest
import Testing

@Suite("Descriptions of a deployment")
struct DescriptionScenarios {
  @Test("datamodel.json and .xml have tags that hold", arguments: ["datamodel.json", "datamodel", "datamodel.xml"])
  func tags(path: String) async throws {
    try await TestAPI.run { api in
      let first = await api.send(.get, path, headers: ["Accept": "application/xml"])
      let tag = first.headers["etag"] ?? ""
      #expect(first.status == 200 && tag.hasPrefix("\""))
      #expect(first.headers["cache-control"] == "no-cache")
      let coded = "\(tag.dropLast())-gzip\""
      for (match, named) in [
        (tag, tag), ("W/\(tag)", tag), ("\"x\", \(tag)", tag), ("*", tag), (coded, coded), ("W/\(coded), \"y\"", coded),
      ] {
        let again = await api.send(.get, path, headers: ["If-None-Match": match])
        #expect(again.status == 304 && again.text.isEmpty, "\(match)")
        #expect(again.headers["etag"] == named && again.headers["vary"] == "Accept-Encoding", "\(match)")
      }
      #expect(await api.send(.get, path, headers: ["If-None-Match": "\"x\""]).status == 200)
    }
  }

  @Test("datamodel.xml is the document as it was given")
  func xml() async throws {
    try await TestAPI.run { api in
      let answer = await api.send(.get, "datamodel.xml")
      #expect(answer.text == TestAPI.schema)
      #expect(answer.headers["content-type"] == "application/xml; charset=utf-8")
    }
  }

  @Test("datamodel.json has maps where strict clients want them")
  func json() async throws {
    try await TestAPI.run { api in
      let root = try #require(await api.send(.get, "datamodel.json").json)
      let flight = try #require(root["models"]?["flight"])
      #expect(flight["fields"]?["status"]?["options"]?.count == 2)
      #expect(flight["belongs_to"]?["previous"]?["model"]?.string == "flight")
      #expect(root["models"]?["airline"]?["has_many"]?["flights"]?.isObject == true)
      #expect(root["datamodel_hash"]?.string?.isEmpty == false)
      #expect(root["app_user"]?.isNull == true)
    }
  }

  @Test("info.json has every key, unset ones null")
  func info() async throws {
    try await TestAPI.run { api in
      try await api.deployments.set([("region", "eu")], of: api.deploymentID)
      let root = try #require(await api.send(.get, "info.json").json)
      #expect(
        root.members.map(\.key) == [
          "label", "app_label", "app_id", "org_id", "region", "environment", "last_deployed_at",
          "deployed_by_name", "deployed_by_email",
        ])
      #expect(root["label"]?.string == "test" && root["region"]?.string == "eu")
      #expect(root["environment"]?.string == "testing" && root["org_id"]?.isNull == true)
    }
  }

  @Test("indexes.json is true of the real ones")
  func indexes() async throws {
    try await TestAPI.run { api in
      let root = try #require(await api.send(.get, "indexes.json").json)
      let keys = root["models"]?["flight"]?["indexes"]?.elements.map { $0["key"]?.rawText ?? "" }
      #expect(
        keys == [
          #"{"id":1}"#, #"{"updated_at":1}"#, #"{"airline_id":1,"departure":-1}"#, #"{"airline_id":1}"#,
          #"{"previous_id":1}"#,
        ])
    }
  }

  @Test("indexes.json says how many queries each index has served since the start")
  func usage() async throws {
    try await TestAPI.run { api in
      func usage() async throws -> [String: JSONValue] {
        let root = try #require(await api.send(.get, "indexes.json").json)
        var found: [String: JSONValue] = [:]
        for index in root["models"]?["flight"]?["indexes"]?.elements.map({ $0 }) ?? [] {
          if let usage = index["usage_stats"] { found[index["key"]?.rawText ?? ""] = usage }
        }
        return found
      }
      let before = try await usage()
      guard TestStorage.isSQLite else {
        // PostgreSQL plans each time anew, and says which index it took to nobody who does not ask for that.
        #expect(!before.isEmpty && before.values.allSatisfy(\.isNull))
        return
      }
      #expect(before.values.allSatisfy { $0["queries"]?.rawText == "0" })
      #expect(before.values.allSatisfy { $0["since"]?.string?.hasSuffix("Z") == true })
      let id = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"
      for _ in 0..<3 { _ = await api.send(.get, "objects/flight/\(id).json") }
      for _ in 0..<2 { _ = await api.send(.get, "objects/flight.json?q[previous_id]=\(id)&total=false") }
      let after = try await usage()
      #expect(after[#"{"id":1}"#]?["queries"]?.rawText == "3")
      #expect(after[#"{"previous_id":1}"#]?["queries"]?.rawText == "2")
      #expect(after[#"{"airline_id":1}"#]?["queries"]?.rawText == "0")
      #expect(after[#"{"id":1}"#]?["since"]?.string == before[#"{"id":1}"#]?["since"]?.string)
    }
  }

  @Test("HEAD finds what GET finds")
  func head() async throws {
    try await TestAPI.run { api in
      for path in ["info.json", "objects/flight.json", "datamodel.xml", "/health/live", "/docs/errors"] {
        #expect(await api.send(.head, path).status == 200, "\(path)")
      }
      #expect(await api.send(.head, "batch.json").status == 404)
    }
  }
}
