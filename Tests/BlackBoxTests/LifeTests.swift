import JSON
import ServerUnderTest
import Testing

@Suite("A server from start to end")
struct LifeTests {
  @Test("It starts, answers, keeps what it acknowledged over a kill, and ends in order")
  func life() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let made = try server.json("POST", "/objects/note.json", #"{"note":{"text":"first"}}"#)
    #expect(made.status == 200)
    let id = try #require(try made.json["id"]?.string)
    server.kill()
    try server.start()
    #expect(try server.json("GET", "/objects/note/\(id).json").text == made.text)
    #expect(try server.stop() == 0)
  }
}
