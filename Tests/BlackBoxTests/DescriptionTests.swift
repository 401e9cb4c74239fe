import JSON
import ServerUnderTest
import Testing

@Suite("What describes a deployment, and HTTP around it")
struct DescriptionTests {
  @Test("An object's tag goes out with the head, names gzip, and keeps a write from overwriting another")
  func tagsOfObjects() throws {
    let server = try ErrorTests.server.get()
    let title = String(repeating: "long enough to be packed ", count: 60)
    let made = try server.json("POST", "/objects/thing.json", "{\"thing\":{\"text\":\"\(title)\"}}")
    let tag = try #require(made[header: "etag"])
    let id = try #require(try JSONDocument.read(made.text).root["id"]?.string)
    let path = "/objects/thing/\(id).json"
    let packed = try server.send("GET", path, headers: ["Accept-Encoding: gzip"])
    #expect(packed[header: "content-encoding"] == "gzip" && packed[header: "etag"] == "\(tag.dropLast())-gzip\"")
    for (method, named) in [("GET", tag), ("GET", packed[header: "etag"] ?? ""), ("HEAD", tag)] {
      let same = try server.send(method, path, headers: ["If-None-Match: \(named)", "Accept-Encoding: gzip"])
      #expect(same.status == 304 && same[header: "etag"] == named && same.body.isEmpty)
      #expect(same[header: "vary"] == "Accept-Encoding" && same[header: "content-type"] == nil)
    }
    let first = try server.send("DELETE", path, headers: ["If-Match: \"1\""])
    #expect(
      first.status == 412 && first.text.contains("\"CONFLICT\"") && first.text.contains(tag.dropFirst().dropLast()))
    #expect(try server.send("DELETE", path, headers: ["If-Match: \(packed[header: "etag"] ?? "")"]).status == 200)
    #expect(try server.send("HEAD", path)[header: "etag"] == nil)
  }

  @Test("The data model is answered with an ETag, which saves fetching it again", arguments: ["json", "xml"])
  func tags(_ suffix: String) throws {
    let server = try ErrorTests.server.get()
    let first = try server.send("GET", "/datamodel.\(suffix)", headers: ["Accept: application/xml"])
    #expect(first.status == 200)
    #expect(first[header: "content-type"] == "application/\(suffix); charset=utf-8")
    #expect(first[header: "cache-control"] == "no-cache")
    let tag = try #require(first[header: "etag"])
    let again = try server.send("GET", "/datamodel.\(suffix)", headers: ["If-None-Match: \(tag)"])
    #expect(again.status == 304 && again[header: "etag"] == tag)
    #expect(again[header: "access-control-allow-origin"] == "*")
    #expect(
      try server.send("GET", "/datamodel.\(suffix)", headers: ["If-None-Match: \"x\""]).text == first.text)
    let head = try server.send("HEAD", "/datamodel.\(suffix)")
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head[header: "content-length"] == "\(first.body.count)")
    // A strong tag stands for exactly these bytes: compressed ones have another.
    let packed = try server.send("GET", "/datamodel.\(suffix)", headers: ["Accept-Encoding: gzip"])
    let packedTag = "\(tag.dropLast())-gzip\""
    #expect(packed[header: "content-encoding"] == "gzip" && packed.body.starts(with: [0x1f, 0x8b]))
    #expect(packed[header: "etag"] == packedTag)
    for answer in [first, again, packed] { #expect(answer[header: "vary"] == "Accept-Encoding") }
    for accepted in ["gzip", "identity"] {
      let same = try server.send(
        "GET", "/datamodel.\(suffix)", headers: ["If-None-Match: \(packedTag)", "Accept-Encoding: \(accepted)"])
      #expect(same.status == 304 && same[header: "etag"] == packedTag)
    }
  }

  @Test("An answer above 1 KiB is compressed for a client that accepts gzip, and for no other")
  func compression() throws {
    let server = try ErrorTests.server.get()
    let text = String(repeating: "long ", count: 1000)
    _ = try server.json("POST", "/objects/thing.json", "{\"thing\":{\"text\":\"\(text)\"}}")
    let path = "/objects/thing.json?q[text.contains]=long"
    let packed = try server.send("GET", path, headers: ["Accept-Encoding: gzip"])
    let plain = try server.send("GET", path)
    #expect(packed[header: "content-encoding"] == "gzip" && packed.body.starts(with: [0x1f, 0x8b]))
    #expect(plain[header: "content-encoding"] == nil && plain.status == 200)
  }

  @Test("Wire habit 8: datamodel.json, info.json and indexes.json have what strict decoders want")
  func shapes() throws {
    let server = try ErrorTests.server.get()
    let root = try server.json("GET", "/datamodel.json").json
    let thing = try #require(root["models"]?["thing"])
    #expect(thing["fields"]?.isObject == true && thing["belongs_to"]?.isObject == true)
    #expect(thing["has_many"]?.isObject == true && root["datamodel_hash"]?.string != nil)
    #expect(root["app_user"]?.isNull == true)
    #expect(
      try server.json("GET", "/info.json").json.members.map(\.key) == [
        "label", "app_label", "app_id", "org_id", "region", "environment", "last_deployed_at",
        "deployed_by_name",
        "deployed_by_email",
      ])
    #expect(try server.json("GET", "/indexes.json").json["models"]?["thing"]?["indexes"]?.isArray == true)
  }

  @Test("A request's id comes back; one that is not visible ASCII is replaced")
  func requestIDs() throws {
    let server = try ErrorTests.server.get()
    #expect(
      try server.send("GET", "/info.json", headers: ["X-Request-Id: abc-1"])[header: "x-request-id"]
        == "abc-1")
    let replaced = try server.send("GET", "/info.json", headers: ["X-Request-Id: a b"])[
      header: "x-request-id"]
    #expect(replaced != nil && replaced != "a b")
  }

  @Test("A display nests five levels, and a change of a related object shows at once")
  func displays() throws {
    let server = try ServerUnderTest(schema: Schemas.all)
    func id(_ index: Int) -> String { "00000000-0000-4000-8000-00000000000\(index)" }
    for index in 0..<8 {
      let body = "{\"thing\":{\"text\":\"\(index)\",\"parent_id\":\"\(id(index + 1))\"}}"
      #expect(try server.json("PUT", "/objects/thing/\(id(index))", body).status == 200)
    }
    #expect(try server.json("GET", "/objects/thing/\(id(0))").json["display"]?.string == "012345")
    _ = try server.json("PATCH", "/objects/thing/\(id(5))", #"{"thing":{"text":"X"}}"#)
    #expect(try server.json("GET", "/objects/thing/\(id(0))").json["display"]?.string == "01234X")
  }
}
