import Deployments
import JSON
import Testing
import Wire

@testable import Administration

@Suite("Administrative commands and results as bytes")
struct AdminCodecTests {
  @Test("Each command is read as what it was", arguments: SampleCommands.all)
  func commands(command: AdminCommand) throws {
    #expect(try AdminCodec.command(AdminCodec.encode(command)) == command)
  }

  @Test("Each result is read as what it was", arguments: SampleResults.all)
  func results(result: AdminResult) throws {
    #expect(try AdminCodec.result(AdminCodec.encode(.success(result))) == result)
  }

  @Test("A refusal is read as what it was", arguments: [nil, "Do this."])
  func refusals(hint: String?) {
    let refusal = AdminRefusal("It has errors:\nline 1", hint: hint)
    #expect(throws: refusal) { try AdminCodec.result(AdminCodec.encode(.failure(refusal))) }
    #expect(refusal.text == (hint == nil ? "It has errors:\nline 1" : "It has errors:\nline 1 Do this."))
  }

  @Test("Names are each of one command")
  func names() {
    let names =
      AdminCommand.Name.allCases.map(\.rawValue) + DeploymentCommand.Name.allCases.map(\.rawValue)
      + WebhookCommand.Name.allCases.map(\.rawValue) + PeopleCommand.Name.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    #expect(Set(SampleCommands.all.map(\.name)) == Set(names))
  }

  @Test("Results print as scripts know them")
  func printed() {
    for (result, text) in [
      (
        AdminResult.created(CreatedDeployment(id: "i", password: "p")),
        #"{"id":"i","path":"/api/v4/i","username":"i","password":"p"}"#
      ),
      (.deleted, #"{"deleted":true}"#),
      (
        .settings(SettingValues(rows: [.init(setting: .multipleDevices, value: "false")])),
        #"{"multiple_devices_per_user":false}"#
      ),
      (
        .limits(LimitRows(deployment: .init(rate: 2.5, burst: 3), user: nil)),
        #"{"deployment":{"rate":2.5,"burst":3},"user":null}"#
      ),
      (
        .tokens([TokenRow(name: "etl", createdAt: .first)]),
        #"{"tokens":[{"name":"etl","created_at":"0001-01-01T00:00:00Z","last_used_at":null,"expires_at":null,"#
          + #""read_only":false}]}"#
      ),
      (
        .trimmed(Trimmed(removed: 2, isDone: true, oldest: 3, heldBy: nil)),
        #"{"removed":2,"done":true,"oldest":"3","held_by":null}"#
      ),
      (.secrets(SecretRows(secret: "s")), #"{"secret":"s","next":null,"next_made_at":null}"#),
      (.resent(2), #"{"resent":2}"#),
      (
        .person(CreatedPerson(email: "a@b", name: "A", isOperator: true, link: "l", expiresAt: .last)),
        #"{"id":null,"email":"a@b","name":"A","operator":true,"link":"l","expires_at":"9999-12-31T23:59:59Z"}"#
      ),
      (
        .audit(AuditFindings(count: 2, first: 1, last: 2, hash: "h")),
        #"{"entries":2,"first":1,"last":2,"hash":"h","broken":null,"known":null,"unknown":false}"#
      ),
    ] {
      #expect(result.json.string == text)
    }
  }
}
