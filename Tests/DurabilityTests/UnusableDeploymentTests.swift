import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing

/// A deployment that cannot be opened says 503 to all who would be let in otherwise, whatever they come with.
@Suite(.serialized) struct UnusableDeploymentTests {
  @Test func whoHasASignedAddressADeviceOrATokenOfEnrolmentIsToldToComeAgain() throws {
    let server = try ServerUnderTest(schema: CrateLoad.schema)
    #expect(
      try server.command("deployment", "set", "--deployment", server.id, "device_access=read").exitCode == 0)
    let file = "{\"base64\":\"\(ServerUnderTest.base64(Array("a pass".utf8)))\"}"
    let made = try server.json("POST", "/objects/crate.json", "{\"crate\":{\"file\":\(file)}}").json
    let address = try #require(
      made["file"]?["original"]?.string?.split(separator: "/", maxSplits: 2).last.map { "/\($0)" })
    func ask(_ target: String, _ headers: [String] = [], _ body: String? = nil) throws -> Answer {
      try server.connection().request(
        body == nil ? "GET" : "POST", target,
        headers: headers + (body == nil ? [] : ["Content-Type: application/json"]),
        body: body.map { Array($0.utf8) })
    }
    #expect(try ask(address).text == "a pass")

    #expect(try server.stop() == 0)
    let path = "\(server.dataDirectory)/deployments/\(server.id).db"
    try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
    try server.start()
    let device = [
      "Authorization: Basic \(ServerUnderTest.base64(Array("some:device".utf8)))",
      "Journey-Authentication-Type: Device",
    ]
    for answer in [
      try ask(address), try ask(server.base + "/objects/crate.json", device),
      try ask(server.base + "/objects/crate.json", [server.bearer]),
      try ask(server.base + "/enroll", [], "{\"token\":\"x\"}"),
    ] {
      #expect(answer.status == 503 && answer.type == "SERVICE_UNAVAILABLE", "\(answer.text)")
      #expect(answer[header: "retry-after"] != nil)
    }
    #expect(try ask(address + "A").status == 403)
    #expect(try ask(server.base + "/objects/crate.json").status == 401)
    #expect(try ask(server.base + "/objects/crate.json", ["Authorization: Bearer nobody"]).status == 401)

    #expect(try server.stop() == 0)
    try FileManager.default.moveItem(atPath: path + ".aside", toPath: path)
    try server.start()
    #expect(try ask(address).text == "a pass")
  }
}
