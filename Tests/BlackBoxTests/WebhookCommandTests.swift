import Glibc
import JSON
import ServerUnderTest
import Testing

@Suite("The webhook commands")
struct WebhookCommandTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <display>{number}</display><webhook type="update" name="saved"/>
    <webhook type="update" name="report" receiver="pdfmailer" action="send"/></model></data-model>
    """

  private func json(_ run: SojournBinary.Run) throws -> JSONValue {
    try #require(run.exitCode == 0, "\(run.errors)")
    return try JSONDocument.read(run.output).root
  }

  @Test("do the same with a server and without one, and say what is wrong", arguments: [true, false])
  func commands(isServed: Bool) throws {
    let server = try ServerUnderTest(schema: Self.schema)
    if !isServed { try server.stop() }
    func run(_ words: String...) throws -> SojournBinary.Run {
      try SojournBinary.run(
        ["webhook"] + words + ["--data-dir", server.dataDirectory, "--deployment", server.id, "--json"])
    }
    func state() throws -> [String?] {
      try json(try run("list"))["webhooks"]?.elements.map { $0["state"]?.string } ?? []
    }
    #expect(try state() == ["new", "new"])
    let refusals: [(words: [String], reason: String)] = [
      (["enable", "--name", "other", "--url", "http://a.example.org/"], "Those it declares are saved, report"),
      (["enable", "--name", "saved", "--url", "file:///etc/passwd"], "neither http nor https"),
      (["enable", "--name", "saved", "--url", "http://u:p@a.example.org/"], "user name or password"),
      (["disable", "--name", "saved"], "has not been enabled yet"),
      (["secret", "show", "--name", "saved"], "has not been enabled yet"),
    ]
    for (words, reason) in refusals {
      let refused = try SojournBinary.run(
        ["webhook"] + words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
      #expect(refused.exitCode == 1)
      #expect(refused.errors.contains(reason), "\(refused.errors)")
    }
    let enabled = try json(try run("enable", "--name", "saved", "--url", "http://127.0.0.1:9/hooks"))
    #expect(enabled["state"]?.string == "enabled")
    #expect(enabled["url"]?.string == "http://127.0.0.1:9/hooks")
    _ = try json(try run("enable", "--name", "report", "--url", "https://mail.example.org/"))
    #expect(try state() == ["enabled", "enabled"])
    let first = try #require(try json(try run("secret", "show", "--name", "saved"))["secret"]?.string)
    #expect(first.utf8.count >= 32)
    #expect(try run("secret", "promote", "--name", "saved").errors.contains("one secret alone"))
    let rotated = try json(try run("secret", "rotate", "--name", "saved"))
    #expect(rotated["secret"]?.string == first)
    let next = try #require(rotated["next"]?.string)
    let promoted = try json(try run("secret", "promote", "--name", "saved"))
    #expect(promoted["secret"]?.string == next)
    #expect(promoted["next"]?.isNull == true)
    #expect(try json(try run("disable", "--name", "report"))["state"]?.string == "disabled")
    let deliveries = try json(try run("deliveries", "--name", "saved"))
    #expect(deliveries["unfinished"]?.elements.map { $0 }.count == 0)
    #expect(try run("replay", "--name", "saved", "--from", "99").exitCode == 1)
    #expect(try run("resend", "--name", "saved").exitCode == 2)
    #expect(try run("resend", "--name", "saved", "--sequence", "5").errors.contains("no entry 5"))
    // None of it in the clear on the disk.
    let file = try #require(
      try server.command("deployment", "list").exitCode == 0 ? "\(server.dataDirectory)/secret.key" : nil)
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 32)
  }

  @Test("an address inside is refused until the deployment allows it, and a listener verifies what comes")
  func listening() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    let folder = try TemporaryDirectory()
    func run(_ words: String...) throws -> SojournBinary.Run {
      try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", server.id, "--json"])
    }
    let receiver = try StubServer { _ in .answer(200) }
    defer { receiver.stop() }
    _ = try run("webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(receiver.port)/")
    #expect(try server.json("POST", "/objects/item.json", "{\"item\":{\"number\":1}}").status == 200)
    func attempts() throws -> [JSONValue] {
      try json(try run("webhook", "deliveries", "--name", "saved"))["attempts"]?.elements.map { $0 } ?? []
    }
    for _ in 0..<100 where try attempts().isEmpty { usleep(50_000) }
    #expect(try attempts().last?["problem"]?.string?.contains("webhook_allow") == true)
    #expect(receiver.connectionCount == 0)
    let secret = try json(try run("webhook", "secret", "show", "--name", "saved"))["secret"]?.string ?? ""
    let listener = try ChildProcess(
      SojournBinary.path, ["webhook", "listen", "--port", "0", "--secret", secret, "--json"],
      output: "\(folder.path)/output", errors: "\(folder.path)/errors")
    defer { listener.signal(SIGKILL) }
    var port: Substring = ""
    for _ in 0..<500 where port.isEmpty {
      usleep(10_000)
      port =
        TemporaryDirectory.text(of: "\(folder.path)/errors").split(separator: ":").last?.prefix { $0 != "\n" } ?? ""
    }
    // Disabled meanwhile: the first endpoint is allowed by this too, and a retry would reach it.
    #expect(try run("webhook", "disable", "--name", "saved").exitCode == 0)
    #expect(try run("deployment", "set", "webhook_allow=10.0.0.0/8,127.0.0.1").exitCode == 0)
    _ = try run("webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(port)/")
    for _ in 0..<400 where TemporaryDirectory.text(of: "\(folder.path)/output").isEmpty { usleep(50_000) }
    #expect(receiver.connectionCount == 0)
    let line = try JSONDocument.read(TemporaryDirectory.text(of: "\(folder.path)/output")).root
    #expect(line["signature"]?.string == "good")
    #expect(line["body"]?["object"]?["number"]?.rawText == "1")
    #expect(try run("webhook", "replay", "--name", "saved", "--from", "0").exitCode == 0)
  }
}
