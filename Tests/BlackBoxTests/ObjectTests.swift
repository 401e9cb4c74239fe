import Glibc
import JSON
import ServerUnderTest
import Testing

@Suite("Objects and batches")
struct ObjectTests {
  @Test("Every type comes out as the table of values has it, in the model's order")
  func values() throws {
    let server = try ServerUnderTest(schema: Schemas.all)
    let id = "11111111-1111-4111-8111-111111111111"
    let body = """
      {"thing":{"text":"é","integer":"3","number":"3.5","day":"20130131","time":"2013-01-31T11:05:00.123+02:00",
      "flag":"true","one":{"key":"a","display":"?"},"rank":"3","many":["y","x","y"],"ranks":[],
      "place":[40.6,-74,null,5,null,null,9],"path":{"a":[1]},"parent_id":"\(id)","type":"x","updated_at":1,"display":2,
      "photo":{"state":"uploaded"}}}
      """
    let made = try server.json("PUT", "/objects/things/\(id).json", body)
    let updated = try #require(try made.json["updated_at"]?.string)
    #expect(
      made.text
        == """
        {"id":"\(id)","type":"thing","updated_at":"\(updated)","display":"éééééé","text":"é","integer":3,"number":3.5,\
        "day":"2013-01-31","time":"2013-01-31T09:05:00Z","flag":{"key":true,"display":"Yes"},\
        "one":{"key":"a","display":"Aye"},"rank":{"key":3,"display":"Three"},\
        "many":[{"key":"y","display":"Why"},{"key":"x","display":"Ex"}],"ranks":[],\
        "place":{"latitude":40.6,"longitude":-74,"altitude":null,"horizontal_accuracy":5,"vertical_accuracy":null,\
        "timestamp":null},"photo_id":null,"photo":null,"path":{"a":[1]},"parent_id":"\(id)"}
        """)
    usleep(1_100_000)
    #expect(try server.json("PUT", "/objects/thing/\(id).json", body).text == made.text)
    #expect(try server.json("PATCH", "/objects/thing/\(id)", #"{"thing":{"integer":3}}"#).text == made.text)
    let cleared = try server.form(
      "PATCH", "/objects/thing/\(id)", "thing[text]=&thing[integer]=&thing[many][]="
    ).json
    #expect(
      cleared["text"]?.string == "" && cleared["integer"]?.isNull == true && cleared["many"]?.isNull == true)
    let gone = try server.json("DELETE", "/objects/thing/\(id).json")
    #expect(gone.status == 200 && gone.body.isEmpty)
    #expect(try server.json("GET", "/objects/thing/\(id).json").type == "OBJECT_NOT_FOUND")
  }

  @Test("A batch answers each operation in order, and stops, skips or tries as it is told")
  func batch() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    func outcome(_ options: String) throws -> [String] {
      let answer = try server.json(
        "POST", "/batch.json",
        """
        {"operations":[{"method":"POST","object":{"type":"note","text":"a"}},
        {"method":"post","object":{"type":"nothing"}},
        {"method":"delete","object":{"type":"note","id":"7"}},
        {"method":"Put","object":{"type":"note","id":"7"}},
        {"method":"post","object":{"type":"note"}}]\(options)}
        """)
      #expect(answer.status == 200)
      return try answer.json["operations"]?.elements.map { $0["error"]?["type"]?.string ?? "ok" } ?? []
    }
    func count() throws -> String { try server.json("GET", "/objects/note/count.json").text }
    #expect(try outcome("") == ["ok", "INVALID_VALUE", "OBJECT_NOT_FOUND", "INVALID_VALUE", "ok"])
    #expect(try count() == #"{"count":2}"#)
    let skipped = Array(repeating: "OPERATION_SKIPPED", count: 3)
    #expect(try outcome(#","stop_on_error":true"#) == ["ok", "INVALID_VALUE"] + skipped)
    #expect(try count() == #"{"count":3}"#)
    #expect(try outcome(#","atomic":true"#) == ["OPERATION_SKIPPED", "INVALID_VALUE"] + skipped)
    #expect(try outcome(#","dry_run":true"#).first == "ok")
    #expect(try count() == #"{"count":3}"#)
    #expect(
      try server.json("POST", "/batch.json", #"{"operations":[]}"#).text
        == #"{"stop_on_error":false,"operations":[]}"#)
  }
}
