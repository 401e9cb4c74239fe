import JSON
import Testing
import Wire

@testable import Administration

@Suite("Bytes that are no command or no answer")
struct HostileLineTests {
  /// A command with these members in place of those of a good one.
  private static func line(
    version: String = "3", _ name: String, deployment: String = "\"d\"", webhook: String = "null", _ payload: String
  ) -> String {
    #"{"protocol":\#(version),"command":"\#(name)","deployment":\#(deployment),"webhook":\#(webhook),"with":\#(payload)}"#
  }

  static let refused: [(line: String, part: String)] = [
    ("", "empty"), ("{", "byte"), ("[]", "an object is expected"), ("\u{0}", "byte"), ("null", "object"),
    (#"{"action":"listDeployments"}"#, "none of this version"),
    (line(version: "1", "listTokens", "{}"), "none of this version"),
    (line(version: "\"3\"", "listTokens", "{}"), "none of this version"),
    (line("listTokens", "{}").replacing("}}", with: "},\"more\":1}"), "more: there is no such member"),
    (line("nothing", "{}"), "there is no such command"),
    (line("listTokens", deployment: "null", "{}"), "there is no such command"),
    (line("listTokens", deployment: "7", "{}"), "deployment: a text"),
    (line("listDeployments", "{}"), "there is no such command"),
    (line("showSecret", "{}"), "there is no such command"),
    (line("showSecret", deployment: "null", webhook: "\"n\"", "{}"), "a webhook is one of a deployment"),
    (line("deleteDeployment", #"{"yes":true}"#), "deleteDeployment.yes: there is no such member"),
    (line("deleteDeployment", "null"), "deleteDeployment: an object is expected"),
    (line("createToken", "{}"), "createToken.name: it is missing"),
    (line("createToken", "7"), "createToken: an object is expected"),
    (
      line("createToken", #"{"name":"n","read_only":"true","expires":null}"#),
      "createToken.read_only: true or false is expected"
    ),
    (
      line("createToken", #"{"name":"n","read_only":true,"expires":1.5}"#),
      "createToken.expires: a whole number from 0 to"
    ),
    (line("createToken", #"{"name":"n","read_only":true,"expires":1e400}"#), "createToken.expires"),
    (
      line("createToken", #"{"name":"n","read_only":true,"expires":1,"admin":true}"#),
      "createToken.admin: there is no such member"
    ),
    (line("createToken", #"{"name":"n","name":"m","read_only":true,"expires":1}"#), "second time"),
    (line("revokeToken", #"{"name":"\ud800"}"#), "revokeToken.name: a text"),
    (line("revokeToken", "{\"name\":\"\(String(repeating: "x", count: 131_073))\"}"), "at most 131072 bytes"),
    (line("getSettings", #"{"setting":"colour"}"#), "getSettings.setting: one of label, "),
    (
      line("setSettings", #"{"settings":[{"setting":"label","value":"x"},{"setting":"region","value":1}]}"#),
      "setSettings.settings.1.value: a text"
    ),
    (
      line("setSettings", "{\"settings\":[\(String(repeating: "1,", count: 1000))1]}"),
      "setSettings.settings: an array of at most 1000 elements"
    ),
    (line("setSettings", "{\"settings\":[\(String(repeating: "1,", count: 300_000))1]}"), "more than 200000 values"),
    (line("setSettings", String(repeating: "[", count: 9) + String(repeating: "]", count: 9)), "deeper than 8"),
    (line("previewRollback", #"{"version":0}"#), "from 1 to 2147483647"),
    (line("checkAttachments", #"{"after":"00","repair":false}"#), "64 lower-case hex digits"),
    (
      line("trimOplog", #"{"before":null,"older_than":null,"force":false}"#), "either a sequence or an age is expected"
    ),
    (line("trimOplog", #"{"before":1,"older_than":1,"force":false}"#), "either a sequence or an age is expected"),
    (line("resendWebhook", webhook: "\"n\"", #"{"sequence":-1}"#), "resendWebhook.sequence: a whole number from 1"),
    (line("skipWebhook", webhook: "\"n\"", #"{"sequence":0}"#), "skipWebhook.sequence: a whole number from 1"),
    (line("replayWebhook", webhook: "\"n\"", #"{"from":null}"#), "replayWebhook.from"),
  ]

  @Test("are refused with a sentence that says what is wrong", arguments: refused)
  func commands(line: String, part: String) {
    do {
      _ = try AdminCodec.command(Array(line.utf8))
      Issue.record("\(line.prefix(200)) was read")
    } catch {
      #expect(error.text.hasPrefix("The server does not know this request: is it of another version than the command?"))
      #expect(error.text.contains(part), "\(error.text)")
      #expect(error.text.utf8.count < 1000)
    }
  }

  @Test("do not trap or hang, wherever a good one is cut or changed")
  func mutations() {
    var random = SplitMix(seed: 7)
    for command in SampleCommands.all {
      let bytes = AdminCodec.encode(command)
      for _ in 0..<50 {
        var changed = bytes
        changed[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        _ = try? AdminCodec.command(changed)
        _ = try? AdminCodec.command(Array(bytes.prefix(Int(random.next() % UInt64(bytes.count)))))
      }
    }
  }

  @Test(
    "as an answer say that command and server may not fit",
    arguments: [
      "", "done", "done\n", "done\n{}", "refused\n", "refused\nThe server does not know this request.", "perhaps\n{}",
      "done\n{\"result\":\"token\",\"value\":{}}", "done\n{\"result\":\"token\",\"value\":{\"token\":\"O:\"},\"x\":1}",
      "done\n{\"result\":\"gift\",\"value\":{}}",
      "done\n{\"result\":\"created\",\"value\":{\"id\":\"i\",\"path\":\"/\",\"username\":\"i\",\"password\":\"p\"}}",
    ])
  func answers(text: String) {
    #expect(
      throws: AdminRefusal("The server's answer cannot be read: is it of another version than the command?")
    ) { try AdminCodec.result(Array(text.utf8)) }
  }
}
