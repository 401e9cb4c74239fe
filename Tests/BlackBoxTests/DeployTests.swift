import JSON
import ServerUnderTest
import Testing

@Suite("Data models from the command line")
struct DeployTests {
  private static func xml(_ fields: String, tail: String = "") -> String {
    "<data-model><model name=\"note\" label=\"Note\">\(fields)<display>{text}</display>\(tail)</model></data-model>"
  }

  private static let text = "<field name=\"text\" label=\"T\" type=\"text\"/>"
  private static let size = "<field name=\"size\" label=\"S\" type=\"text\"/>"
  private static let sizeInteger = "<field name=\"size\" label=\"S\" type=\"integer\"/>"

  private func parsed(_ run: SojournBinary.Run) throws -> JSONValue {
    try JSONDocument.read(Array(run.output.utf8)).root
  }

  @Test("Deployed, tried, listed and rolled back, with and without a server", arguments: [true, false])
  func life(isServed: Bool) throws {
    let server = try ServerUnderTest(schema: Self.xml(Self.text + Self.size))
    let id = server.id
    #expect(try server.json("POST", "/objects/note.json", #"{"note":{"text":"a","size":"12"}}"#).status == 200)
    if !isServed { #expect(try server.stop() == 0) }
    let next = try server.directory.write(
      Self.xml(Self.text + Self.sizeInteger, tail: "<index on=\"size\"/>"), to: "next.xml")
    let bare = try server.directory.write(Self.xml(Self.text), to: "bare.xml")

    let check = try server.command("data-model", "check", next, "--deployment", id)
    #expect(check.exitCode == 0, "\(check.errors)")
    #expect(check.output.contains("note.size changes its type from text to integer"), "\(check.output)")
    #expect(check.output.contains("note gets the index size on size."), "\(check.output)")

    let tried = try server.command("data-model", "deploy", next, "--deployment", id, "--dry-run")
    #expect(tried.exitCode == 0 && tried.output.contains("Nothing was deployed (--dry-run)."), "\(tried.output)")
    #expect(tried.output.contains("note: size, over 1 object, less than 0.1 s"), "\(tried.output)")
    let json = try parsed(
      try server.command("data-model", "deploy", next, "--deployment", id, "--dry-run", "--json"))
    #expect(json["change_count"]?.number?.integer == 2)
    #expect(json["changes"]?.elements.map { $0["touches_stored_values"]?.bool } == [true, false])
    let before = try parsed(try server.command("data-model", "history", "--deployment", id, "--json"))
    #expect(before["deploys"]?.elements.map { $0["version"]?.number?.integer } == [1])

    let deployed = try server.command(
      "data-model", "deploy", next, "--deployment", id, "--by-name", "Grace", "--by-email", "g@example.org", "--json")
    #expect(deployed.exitCode == 0, "\(deployed.errors)")
    #expect(try parsed(deployed)["version"]?.number?.integer == 2)
    #expect(try server.command("data-model", "deploy", bare, "--deployment", id).exitCode == 0)
    let back = try server.command(
      "data-model", "rollback", "--deployment", id, "--to", "2", "--note", "with size again")
    #expect(back.exitCode == 0 && back.output.contains("Deployed as version 4"), "\(back.output)\(back.errors)")
    #expect(back.output.contains("note.size is added"), "\(back.output)")

    let history = try parsed(try server.command("data-model", "history", "--deployment", id, "--json"))
    let rows = try #require(history["deploys"]?.elements.map { $0 })
    #expect(rows.map { $0["version"]?.number?.integer } == [4, 3, 2, 1])
    #expect(rows.map { $0["current"]?.bool } == [true, false, false, false])
    #expect(rows[0]["datamodel_hash"]?.string == rows[2]["datamodel_hash"]?.string)
    #expect(rows[2]["by_name"]?.string == "Grace" && rows[2]["by_email"]?.string == "g@example.org")
    #expect(rows[0]["by_name"]?.isNull == true)
    #expect(rows[0]["note"]?.string == "with size again" && rows[1]["note"]?.isNull == true)
    let shown = try server.command("data-model", "history", "--deployment", id)
    #expect(shown.output.contains("Grace <g@example.org>") && shown.output.contains("current"), "\(shown.output)")
    #expect(shown.output.contains("NOTE") && shown.output.contains("with size again"), "\(shown.output)")

    if !isServed { try server.start() }
    let list = try server.json("GET", "/objects/note.json?q[size.gt]=11")
    #expect(try list.json["objects"]?.elements.map { $0["size"]?.number?.integer } == [12])
    let info = try server.json("GET", "/info.json")
    #expect(try info.json["last_deployed_at"]?.string == rows[0]["deployed_at"]?.string)
    #expect(try info.json["deployed_by_name"]?.isNull == true)
  }

  @Test("What cannot be done is said in a sentence")
  func refused() throws {
    let server = try ServerUnderTest(schema: Self.xml(Self.text))
    let good = try server.directory.write(Self.xml(Self.text), to: "good.xml")
    let bad = try server.directory.write("<data-model/>", to: "bad.xml")
    let other = "0123456789abcdef01234567"
    let table: [([String], Int32, String)] = [
      (["rollback", "--deployment", server.id, "--to", "9"], 1, "has no deploy 9"),
      (["rollback", "--deployment", server.id, "--to", "0"], 2, "--to"),
      (["history", "--deployment", other], 1, "There is no deployment"),
      (["deploy", good, "--deployment", other, "--dry-run"], 1, "There is no deployment"),
      (["check", good, "--deployment", other], 1, "There is no deployment"),
      (["deploy", bad, "--deployment", server.id], 1, "nothing was deployed"),
      (
        ["deploy", good, "--deployment", server.id, "--note", String(repeating: "a", count: 501)], 1,
        "at most 500 characters; this one has 501"
      ),
      (["deploy", good, "--deployment", server.id, "--note", "a\u{202e}b"], 1, "A note takes no control characters"),
    ]
    for (words, code, sentence) in table {
      let run = try SojournBinary.run(["data-model"] + words + ["--data-dir", server.dataDirectory])
      #expect(run.exitCode == code, "\(words): \(run.errors)")
      #expect(run.errors.contains(sentence), "\(words): \(run.errors)")
    }
  }
}
