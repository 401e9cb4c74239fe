import Glibc
import PageReading
import ServerUnderTest
import Synchronization
import Testing
import Threads
import Wire

/// A server that is killed while a page deploys a data model.
@Suite("A deploy by the pages that is cut off")
struct DeployKillTests {
  /// So many that making their tables takes a while.
  private static let large: String = {
    let models = (0..<1500).map {
      "<model name=\"m\($0)\" label=\"M\"><field name=\"n\" label=\"N\" type=\"text\"/><display>{n}</display></model>"
    }
    return "<data-model>\(models.joined())</data-model>"
  }()

  /// The ticket of the form that is sent to `path`.
  private func ticket(to path: String, in page: Answer) throws -> String {
    let fields = FormBrowser(page: try ReadPage(page.body)).fields(of: path)
    guard let ticket = fields?.first(where: { $0.0 == "ticket" }) else { throw TestFault("no form to \(path)") }
    return ticket.1
  }

  @Test("has begun in the audit and not ended, the version is the one before or whole, and it can be done again")
  func killed() throws {
    let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--second-factor", "none"])
    var (session, _) = try server.firstOperator()
    func get(_ path: String) throws -> Answer { try server.get(path, cookie: session) }
    let elevate = try get("/databrowser/elevate")
    let elevated = try server.post(
      "/databrowser/elevate",
      [("ticket", try ticket(to: "/databrowser/elevate", in: elevate)), ("password", PageForms.password)],
      cookie: session)
    let cookie = elevated.headers.first { $0.name == "set-cookie" && !$0.value.contains("known") }
    session = try #require(cookie?.value.split(separator: ";").first.map(String.init))

    let base = "/databrowser/\(server.id)/data-model"
    let form = try get("\(base)/deploy?version=1")
    #expect(form.status == 200)
    let ticket = try ticket(to: "\(base)/deploy", in: form)
    let fields = [("ticket", ticket), ("on", "1"), ("document", Self.large), ("note", "cut off")]
    let cookies = session
    let sending = try OwnThread { _ = try? server.post("\(base)/deploy", fields, cookie: cookies) }
    for _ in 0..<20_000 {
      if server.log.contains("\"action\":\"deploy\"") { break }
      usleep(500)
    }
    server.kill()
    sending.join()

    try server.start()
    let audit = try get("/databrowser/\(server.id)/audit?action=deploy").text
    #expect(audit.contains("data model over version 1") && audit.contains("began"))
    #expect(!audit.contains("done") && !audit.contains("failed"))
    let verified = try server.command("audit", "verify")
    #expect(verified.exitCode == 0)
    let page = try get(base)
    #expect(page.status == 200 && page.text.contains("Version 1"))
    // Whether it came to its end or not, another try says where it stands.
    let again = try get("\(base)/deploy?version=1")
    let isThere = page.text.contains("Version 2")
    #expect(again.text.contains("Deploy it as version \(isThere ? 3 : 2)"))
    let second = try self.ticket(to: "\(base)/deploy", in: again)
    let done = try server.post(
      "\(base)/deploy", [("ticket", second), ("on", isThere ? "2" : "1"), ("document", Self.large)], cookie: session)
    #expect(done.status == 303, "\(done.text)")
    #expect(try get("/databrowser/\(server.id)/models?q=m1499").text.contains("m1499"))
    #expect(try server.json("GET", "/objects/m7/count.json").text == #"{"count":0}"#)
  }
}
