import Deployments
import Storage
import Testing

@Suite("Names of deployments, tokens and people")
struct NameScenarios {
  @Test(
    "take no control characters, and none that hide or direct text",
    arguments: ["a\u{1B}[2J", "a\nb", "a\u{7F}", "a\u{85}", "flights\u{202E}gnitset", "\u{2066}a\u{2069}", "a\u{200F}"])
  func refused(name: String) async throws {
    try await TestAPI.run { api in
      let model = try #require(TestAPI.model(TestAPI.schema))
      func sentence(_ body: () async throws -> Void) async -> String {
        do {
          try await body()
          return "nothing was refused"
        } catch {
          return (error as? DeploymentFault)?.sentence ?? "\(error)"
        }
      }
      let count = api.deployments.all.count
      let deployments = api.deployments
      let id = api.deploymentID
      for (what, said) in [
        (
          "A deployment's name",
          await sentence { _ = try await deployments.create(.init(name: name, environment: "testing", model: model)) }
        ),
        (
          "--by-name",
          await sentence {
            _ = try await deployments.create(
              .init(name: "x", environment: "testing", model: model, person: Person(name: name, email: nil)))
          }
        ),
        (
          "--by-email",
          await sentence { _ = try await deployments.deploy(model, to: id, by: Person(name: nil, email: name)) }
        ),
        (
          "A token's name",
          await sentence {
            _ = try await deployments.createToken(name: name, of: id, isReadOnly: true, validForSeconds: nil)
          }
        ),
        ("label", await sentence { try await deployments.set([("label", name)], of: id) }),
        ("app_label", await sentence { try await deployments.set([("region", "eu"), ("app_label", name)], of: id) }),
      ] {
        #expect(
          said.hasPrefix("\(what) takes no control characters, and none that hide or direct text; it has U+"), "\(said)"
        )
      }
      let tokens = try await deployments.tokens(of: id)
      #expect(deployments.all.count == count && tokens.isEmpty)
      #expect(deployments[id]?.value(of: .region) == nil)
      try await deployments.set([("label", "Flüge 👩‍✈️ רכבת")], of: id)
    }
  }
}
