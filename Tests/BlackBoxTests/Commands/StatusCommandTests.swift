import Glibc
import JSON
import ServerUnderTest
import Testing

@Suite("Status and doctor")
struct StatusCommandTests {
  private func json(_ run: SojournBinary.Run) throws -> JSONDocument { try JSONDocument.read(Array(run.output.utf8)) }

  private func kinds(_ run: SojournBinary.Run) throws -> [String] {
    try json(run).root["problems"]?.elements.compactMap { $0["kind"]?.string } ?? []
  }

  @Test("tell the same of a server that runs and of its files, and say which; a backup mends what is wrong")
  func both() throws {
    let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--listen", "https://127.0.0.1:0"])
    #expect(try server.json("POST", "/objects/note.json", #"{"note":{"text":"one"}}"#).status < 300)
    func rows() throws -> JSONDocument { try json(try server.command("status", "--json")) }

    let served = try rows()
    #expect(served.root["source"]?.string == "server" && served.root["complaint"]?.isNull == true)
    #expect(served.root["certificate"]?["own"]?.bool == true)
    #expect(served.root["certificate"]?["ends_at"]?.string?.hasPrefix("20") == true)
    #expect((served.root["files"]?["open"]?.number?.integer ?? 0) > 3)
    let doubt = try server.command("doctor", "--json")
    #expect(try kinds(doubt) == ["backup"] && doubt.exitCode == 1)

    let backup = "\(server.directory.path)/backup"
    #expect(try server.command("backup", "--to", backup).exitCode == 0)
    #expect(try rows().root["last_backup"]?["directory"]?.string == backup)
    #expect(access("\(backup)/backup.last", F_OK) != 0)
    let well = try server.command("doctor")
    #expect(well.exitCode == 0 && well.output == "Nothing is wrong.\n")
    #expect(try server.command("status").output.contains("the server, which runs"))

    try server.stop()
    let resting = try rows()
    #expect(resting.root["source"]?.string == "files")
    func row(_ document: JSONDocument, _ member: String) -> String? {
      document.root["deployments"]?.elements.first { _ in true }?[member]?.string
    }
    for member in ["id", "name", "last_sequence", "last_change_at"] {
      let told = row(served, member)
      #expect(told != nil && row(resting, member) == told, "\(member)")
    }
    let note = try server.command("doctor")
    #expect(note.exitCode == 0 && note.output.contains("Note: No server runs"))
  }

  @Test("Doctor sees rights that are too wide, settings that are none, and a folder that is gone")
  func local() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    try server.stop()
    let data = server.dataDirectory
    let file = try server.directory.write("second-factor = never\n", to: "sojourn.conf")
    #expect(chmod(data, 0o755) == 0 && chmod("\(data)/secret.key", 0o644) == 0)
    let found = try SojournBinary.run(
      ["doctor", "--data-dir", data, "--json"], environment: ["SOJOURN_CONECTIONS=5"])
    #expect(found.exitCode == 1)
    #expect(try kinds(found) == ["backup", "not_served", "permissions", "settings"])
    #expect(found.output.contains("SOJOURN_CONECTIONS"))
    // A file that no command can read is asked wrongly, as everywhere.
    #expect(try SojournBinary.run(["doctor", "--data-dir", data, "--config", file]).exitCode == 2)
    let open = try server.directory.write("listen = http://0.0.0.0:80\n", to: "sojourn.conf")
    let settings = try SojournBinary.run(["doctor", "--data-dir", data, "--config", open])
    #expect(settings.output.contains("The settings cannot be used: ") && settings.output.contains("in the clear"))

    let none = try SojournBinary.run(["doctor", "--data-dir", "\(data)/none"])
    #expect(none.exitCode == 2 && none.errors.contains("There is no data directory"))
    #expect(try SojournBinary.run(["status", "--data-dir", "\(data)/none"]).exitCode == 2)
  }

  @Test("Deployments are named by their names, and two of one name are not")
  func names() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let data = server.dataDirectory
    func shown() throws -> String? {
      let run = try SojournBinary.run([
        "deployment", "show", "--data-dir", data, "--deployment", "under test", "--json",
      ])
      return try json(run).root["id"]?.string
    }
    func set(_ name: String) throws -> SojournBinary.Run {
      try SojournBinary.run(["deployment", "set", "--data-dir", data, "--deployment", name, "label=x"])
    }
    #expect(try shown() == server.id)
    #expect(try set("under test").exitCode == 0)
    // The log tells of the id.
    #expect(server.log.contains(#""deployment":"\#(server.id)""#))
    try server.stop()
    #expect(try shown() == server.id)
    #expect(try set("under test").exitCode == 0)
    try server.start()

    let schema = "\(server.directory.path)/schema.xml"
    #expect(
      try server.command(
        "deployment", "create", "--name", "under test", "--environment", "testing", "--data-model", schema
      ).exitCode == 0)
    for _ in 0..<2 {
      let refused = try set("under test")
      #expect(refused.exitCode == 1)
      #expect(refused.errors.contains("2 deployments have the name “under test”: "))
      #expect(refused.errors.contains(server.id))
      try server.stop()
    }
    #expect(try set(server.id).exitCode == 0)
    #expect(try set("nobody").errors.contains("There is no deployment nobody."))
  }

  @Test("A data model is checked from standard input")
  func input() throws {
    let good = try SojournBinary.run(["data-model", "check", "-"], input: Schemas.small)
    #expect(good.exitCode == 0 && good.output.contains("it can be deployed"))
    #expect(try SojournBinary.run(["data-model", "check", "-"], input: "<nothing/>").exitCode == 1)
  }
}
