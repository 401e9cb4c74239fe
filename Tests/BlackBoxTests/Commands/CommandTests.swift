import JSON
import ServerUnderTest
import Testing

/// Administrative commands, beside a server that runs and with none: the same table for both.
@Suite("Administrative commands")
struct CommandTests {
  /// A command, and what it says. `%` stands for the deployment's id.
  private struct Step {
    var words: [String]
    var exitCode: Int32 = 0
    /// Parts of standard output; of standard error where it fails.
    var says: [String]
    var saysNot: [String] = []
  }

  private func run(_ steps: [Step], on server: ServerUnderTest) throws {
    func named(_ text: String) -> String { text.replacing("%", with: server.id) }
    for step in steps {
      let run = try SojournBinary.run(step.words.map(named) + ["--data-dir", server.dataDirectory])
      #expect(run.exitCode == step.exitCode, "\(step.words): \(run)")
      let (said, silent) = step.exitCode == 0 ? (run.output, run.errors) : (run.errors, run.output)
      #expect(silent.isEmpty, "\(step.words): \(run)")
      for part in step.says { #expect(said.contains(named(part)), "\(step.words): \(said)") }
      for part in step.saysNot { #expect(!said.contains(named(part)), "\(step.words): \(said)") }
      if step.words.contains("--json"), step.exitCode == 0 {
        #expect(throws: Never.self) { try JSONDocument.read(run.output) }
      }
    }
  }

  private static let deployment = "--deployment=%"
  private static let unknown = "--deployment=000000000000000000000000"

  private static let deployments = [
    Step(words: ["deployment", "list"], says: ["ID", "NAME", "%", "under test", "testing"]),
    Step(words: ["deployment", "list", "--json"], says: [#"{"deployments":[{"id":"%""#, #""problem":null"#]),
    Step(words: ["deployment", "show", deployment], says: ["%", "under test", "/api/v4/%"]),
    Step(words: ["deployment", "show", deployment, "--json"], says: [#"{"id":"%""#, #""environment":"testing""#]),
    Step(words: ["deployment", "show", unknown], exitCode: 1, says: ["deployment list"]),
    Step(words: ["deployment", "get", deployment], says: ["label", "cors_origins  ", " *\n", "app_user"]),
    Step(words: ["deployment", "get", deployment, "cors_origins", "--json"], says: [#"{"cors_origins":"*"}"#]),
    Step(words: ["deployment", "set", deployment, "label=A = B", "region=eu"], says: ["A = B", "eu"]),
    Step(words: ["deployment", "get", deployment, "label"], says: ["A = B"], saysNot: ["region"]),
    Step(words: ["deployment", "set", deployment, "region="], says: ["A = B"], saysNot: ["eu"]),
    Step(
      words: ["deployment", "set", deployment, "label=C", "org_id=x"], exitCode: 2, says: ["org_id", "24"]),
    Step(words: ["deployment", "set", deployment, "label=C", "colour=red"], exitCode: 2, says: ["colour"]),
    Step(words: ["deployment", "set", deployment, "app_user=nobody"], exitCode: 1, says: ["nobody"]),
    Step(words: ["deployment", "set", deployment, "cors_origins=page"], exitCode: 2, says: ["https://"]),
    Step(
      words: ["deployment", "set", deployment, "cors_origins=https://a.example/"], exitCode: 2,
      says: ["it is written https://a.example."]),
    Step(words: ["deployment", "set", deployment, "oplog_retention=5"], exitCode: 2, says: ["its unit", "90d"]),
    Step(words: ["deployment", "set", deployment, "label="], exitCode: 2, says: ["--unset label"]),
    Step(words: ["deployment", "set", deployment, "app_label=a\u{202e}b"], exitCode: 2, says: ["app_label"]),
    Step(words: ["deployment", "set", deployment, "app_label=x", "--unset", "region"], says: ["x"], saysNot: ["eu"]),
    Step(words: ["deployment", "set", deployment, "--unset", "app_label"], says: ["app_label"], saysNot: ["x\n"]),
    Step(
      words: ["deployment", "get", deployment, "multiple_devices_per_user", "--json"],
      says: [#"{"multiple_devices_per_user":false}"#]),
    Step(words: ["deployment", "get", deployment, "multiple_devices_per_user"], says: ["false"]),
    Step(words: ["deployment", "get", deployment, "label"], says: ["A = B"]),
    Step(words: ["deployment", "get", unknown], exitCode: 1, says: ["There is no deployment"]),
    Step(words: ["deployment", "set", unknown, "label=x"], exitCode: 1, says: ["There is no deployment"]),
  ]

  private static let limits = [
    Step(words: ["limits", "show", deployment], says: ["no limit"]),
    Step(words: ["limits", "set", deployment, "--rate", "2.5", "--user-rate=0"], says: ["2.5 a second, 3 at once"]),
    Step(
      words: ["limits", "show", deployment, "--json"], says: [#"{"deployment":{"rate":2.5,"burst":3},"user":null}"#]),
    Step(
      words: ["limits", "set", deployment, "--burst", "0"], exitCode: 2, says: ["rate_burst", "from 1 to 1000000"]),
    Step(words: ["limits", "set", deployment, "--rate", "0"], says: ["no limit"], saysNot: ["a second"]),
    Step(words: ["limits", "show", unknown], exitCode: 1, says: ["There is no deployment"]),
  ]

  private static let credentials = [
    Step(words: ["token", "list", deployment], says: ["NAME", "writer", "read, write"]),
    Step(words: ["token", "create", deployment, "--name", "reader", "--read-only"], says: ["O:"]),
    Step(words: ["token", "create", deployment, "--name", "reader"], exitCode: 1, says: ["already"]),
    Step(
      words: ["token", "create", deployment, "--name", "brief", "--expires", "1d", "--json"], says: [#""token":"O:"#]),
    Step(words: ["token", "list", deployment], says: ["reader", "read-only", "brief"], saysNot: ["O:"]),
    Step(words: ["token", "list", deployment, "--json"], says: [#""read_only":true"#, #""expires_at":null"#]),
    Step(
      words: ["token", "create", deployment, "--name", "n", "--expires", "0"], exitCode: 2, says: ["its unit"]),
    Step(
      words: ["token", "create", deployment, "--name", "n", "--expires", "0s"], exitCode: 2, says: ["from 1s on"]),
    Step(words: ["token", "create", deployment, "--name", "a\u{1b}[1m"], exitCode: 2, says: ["control characters"]),
    Step(words: ["token", "revoke", deployment, "--name", "reader"], says: ["reader has ended"]),
    Step(words: ["token", "revoke", deployment, "--name", "reader"], exitCode: 1, says: ["no token"]),
    Step(words: ["token", "revoke", deployment, "--name", "brief", "--json"], says: [#"{"revoked":true}"#]),
    Step(words: ["token", "list", deployment], says: ["writer"], saysNot: ["reader", "brief"]),
    Step(words: ["token", "list", unknown], exitCode: 1, says: ["There is no deployment"]),
    Step(words: ["password", "reset", deployment], says: ["User name", "%", "Password"]),
    Step(words: ["password", "reset", deployment, "--json"], says: [#"{"username":"%","password":""#]),
    Step(words: ["password", "reset", unknown], exitCode: 1, says: ["There is no deployment"]),
  ]

  private static let end = [
    Step(words: ["deployment", "delete", unknown, "--yes"], exitCode: 1, says: ["There is no deployment"]),
    Step(words: ["deployment", "delete", deployment, "--yes"], says: ["% is gone"]),
    Step(words: ["deployment", "list"], says: ["There is no deployment yet"]),
    Step(words: ["deployment", "list", "--json"], says: [#"{"deployments":[]}"#]),
    Step(words: ["deployment", "delete", deployment, "--yes"], exitCode: 1, says: ["There is no deployment"]),
  ]

  @Test("do and say the same beside a running server and without one", arguments: [true, false])
  func table(isServed: Bool) throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    if !isServed { #expect(try server.stop() == 0) }
    try run(Self.deployments + Self.limits + Self.credentials, on: server)
    if !isServed { try server.start() }
    // What they set is what clients meet.
    #expect(try server.json("GET", "/info.json").json["label"]?.string == "A = B")
    let old = try server.connection().request("GET", server.base + "/info.json", headers: [server.basic])
    #expect(old.status == 401)
    if !isServed { #expect(try server.stop() == 0) }
    try run(Self.end, on: server)
    if !isServed { try server.start() }
    #expect(try server.json("GET", "/info.json").type == "ACCOUNT_NOT_FOUND")
  }

  @Test("data-model check says what is wrong and where, with or without a server")
  func check() throws {
    let folder = try TemporaryDirectory()
    let good = try folder.write(Schemas.small, to: "good.xml")
    let bad = try folder.write(Schemas.small.replacing("type=\"text\"", with: "type=\"txt\""), to: "bad.xml")
    let fine = try SojournBinary.run(["data-model", "check", good])
    #expect(fine.exitCode == 0 && fine.output.contains("\(good): 1 model; it can be deployed."))
    let wrong = try SojournBinary.run(["data-model", "check", bad])
    #expect(wrong.exitCode == 1 && wrong.output.contains("\(bad):1:") && wrong.output.contains("txt"))
    for (file, deployable) in [(good, true), (bad, false)] {
      let run = try SojournBinary.run(["data-model", "check", file, "--json"])
      #expect(run.exitCode == (deployable ? 0 : 1) && run.errors.isEmpty)
      let root = try JSONDocument.read(run.output).root
      #expect(root["deployable"]?.bool == deployable)
      let errors = root["findings"]?.elements.filter { $0["severity"]?.string == "error" } ?? []
      #expect(errors.isEmpty == deployable)
      for error in errors {
        #expect(error["line"]?.number?.integer == 1 && error["code"]?.string != nil)
        #expect(error["message"]?.string?.contains("txt") == true)
      }
    }
  }
}
