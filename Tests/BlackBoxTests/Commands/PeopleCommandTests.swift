import JSON
import ServerUnderTest
import Testing

/// Commands about people, beside a server that runs and with none.
@Suite("Commands about people")
struct PeopleCommandTests {
  private static let password = "kettle orbit mango"

  private func run(_ server: ServerUnderTest, _ words: String..., input: String = "") throws -> SojournBinary.Run {
    try SojournBinary.run(words + ["--data-dir", server.dataDirectory], input: input)
  }

  private func json(_ run: SojournBinary.Run) throws -> JSONValue {
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run)")
    return try JSONDocument.read(run.output).root
  }

  @Test("make links, list, reset and remove, beside a server and without one", arguments: [true, false])
  func life(isServed: Bool) throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    if !isServed { #expect(try server.stop() == 0) }
    let nobody = try run(server, "person", "list")
    #expect(nobody.exitCode == 0 && nobody.output.contains("There is nobody yet"))

    let first = try json(
      try run(server, "person", "create", "--email", "bob@example.org", "--name", "Bob", "--json"))
    #expect(first["id"]?.isNull == true && first["operator"]?.bool == false)
    #expect(first["link"]?.string?.contains("/databrowser/join/") == true)
    // There is no person yet, only an invitation.
    let made = try json(
      try run(
        server, "person", "create", "--email", "ada@example.org", "--name", "Ada", "--operator", "--password-stdin",
        "--json", input: Self.password + "\n"))
    let id = try #require(made["id"]?.string)
    #expect(made["link"]?.isNull == true && made["operator"]?.bool == true)
    let second = try run(
      server, "person", "create", "--email", "eve@example.org", "--name", "Eve", "--password-stdin",
      input: Self.password)
    #expect(second.exitCode == 1 && second.output.isEmpty && second.errors.contains("There are people already"))

    let list = try json(try run(server, "person", "list", "--json"))
    #expect(list["people"]?.elements.map { $0["id"]?.string } == [id])
    #expect(list["invitations"]?.elements.map { $0["email"]?.string } == ["bob@example.org"])
    let table = try run(server, "person", "list")
    for part in ["E-MAIL", "ada@example.org", "operator", "bob@example.org has a link"] {
      #expect(table.output.contains(part), "\(table.output)")
    }

    let link = try json(try run(server, "person", "reset", "ADA@example.org", "--lost", "both", "--json"))
    #expect(link["id"]?.string == id && link["lost"]?.string == "both")
    #expect(link["link"]?.string?.contains("/databrowser/join/") == true)
    let last = try run(server, "person", "remove", id)
    #expect(last.exitCode == 1 && last.errors.contains("last operator"))
    let unknown = try run(server, "person", "remove", "nobody@example.org")
    #expect(unknown.exitCode == 1 && unknown.errors.contains("nobody@example.org"))
    #expect(!server.log.contains(Self.password))
  }

  @Test("verify the audit, and a hash that was kept", arguments: [true, false])
  func audit(isServed: Bool) throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    if !isServed { #expect(try server.stop() == 0) }
    let empty = try run(server, "audit", "verify")
    #expect(empty.exitCode == 0 && empty.output.contains("no entry"))
    for name in ["Ada", "Bob"] {
      _ = try run(server, "person", "create", "--email", "\(name)@example.org", "--name", name)
    }
    let found = try json(try run(server, "audit", "verify", "--json"))
    #expect(found["entries"]?.number?.integer == 2 && found["broken"]?.isNull == true)
    let hash = try #require(found["hash"]?.string)
    #expect(hash.utf8.count == 64)
    _ = try run(server, "person", "create", "--email", "eve@example.org", "--name", "Eve")
    let known = try run(server, "audit", "verify", "--known", hash)
    #expect(known.exitCode == 0 && known.output.contains("Entry 2 has the hash"))
    let other = try run(server, "audit", "verify", "--known", String(repeating: "0", count: 63) + "1", "--json")
    #expect(other.exitCode == 1 && other.output.contains(#""unknown":true"#))
    let none = try run(server, "audit", "verify", "--known", "abc")
    #expect(none.exitCode == 1 && none.output.isEmpty && none.errors.contains("64"))
  }

  @Test("say what is wrong with what they are given")
  func refusals() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    for (words, code, part) in [
      (["person", "create", "--name", "Ada"], 2, "--email"),
      (["person", "create", "--email", "ada", "--name", "Ada"], 2, "name@example.org"),
      (["person", "create", "--email", "ada@example.org", "--name", " "], 2, "name"),
      (["person", "create", "--email", "ada@example.org", "--name", "Ada", "--password-stdin"], 2, "standard input"),
      (["person", "reset"], 2, "PERSON"), (["person", "reset", "ada@example.org", "--lost", "keys"], 2, "lost"),
      (["person", "reset", "ada@example.org"], 1, "There is nobody"), (["person", "remove"], 2, "PERSON"),
    ] as [([String], Int32, String)] {
      let run = try SojournBinary.run(words + ["--data-dir", server.dataDirectory])
      #expect(run.exitCode == code && run.output.isEmpty && run.errors.contains(part), "\(words): \(run)")
    }
    for (password, part) in [("short", "at least 12"), ("password1234", "tried first"), ("under test 4711", "name")] {
      let run = try run(
        server, "person", "create", "--email", "ada@example.org", "--name", "Ada", "--password-stdin", input: password)
      #expect(run.exitCode == 1 && run.errors.contains(part), "\(password): \(run)")
    }
    let absent = try SojournBinary.run(["person", "list", "--data-dir", server.dataDirectory + "/none"])
    #expect(absent.exitCode == 2)
    let open = try SojournBinary.run([
      "serve", "--data-dir", server.dataDirectory, "--listen", "https://0.0.0.0:0", "--second-factor", "none",
    ])
    #expect(open.exitCode != 0 && open.errors.contains("second-factor"))
  }
}
