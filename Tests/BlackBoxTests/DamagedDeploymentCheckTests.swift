import ServerUnderTest
import Testing

@Suite("fsck over several deployments")
struct DamagedDeploymentCheckTests {
  @Test("names the one that it cannot open, checks the others, and exits with 1")
  func damaged() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    try server.stop()
    #expect(try server.command("fsck").exitCode == 0)
    let second = try server.command(
      "deployment", "create", "--name", "second", "--environment", "testing", "--json",
      "--data-model", "\(server.directory.path)/schema.xml")
    #expect(second.exitCode == 0)
    _ = try server.directory.write("no database", to: "data/deployments/\(server.id).db")
    let run = try server.command("fsck")
    #expect(run.exitCode == 1)
    #expect(run.errors.contains(server.id))
    #expect(run.output.contains(": 0 blobs") && !run.output.contains(server.id))
  }
}
