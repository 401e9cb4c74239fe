import JSON
import Testing

@Suite("JSON for people")
struct IndentTests {
  @Test(
    "has each element on a line, and no token changed",
    arguments: [
      ("{}", "{}"), ("[]", "[]"), ("7", "7"), ("", ""),
      (#"{"a":1,"b":[true,null]}"#, "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}"),
      (#"{"a":{},"b":[]}"#, "{\n  \"a\": {},\n  \"b\": []\n}"),
      (#"{"t":"a,b: {\"x\\"}"#, "{\n  \"t\": \"a,b: {\\\"x\\\\\"\n}"),
      (#"[1.50,"é",-0]"#, "[\n  1.50,\n  \"é\",\n  -0\n]"),
      (#"{ "a" : [ ] }"#, "{\n  \"a\": [\n    \n  ]\n}"),
    ])
  func indented(_ text: String, _ wanted: String) {
    #expect(JSONIndent.indented(text) == wanted)
  }

  @Test("of any bytes takes no more than its depth allows")
  func hostile() {
    for text in [
      String(repeating: "[", count: 10_000), String(repeating: "]", count: 10_000), "\"\\", "{\"a\":\"", ",,,:::",
    ] {
      #expect(JSONIndent.indented(text).utf8.count < 202 * text.utf8.count + 10)
    }
  }
}
