import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Web
import Wire

/// What comes back in place of a form that was refused: going back from there asks to send it again, so it leads nowhere
/// but to new tabs.
@Suite("Refused forms", .serialized)
struct RefusedFormScenarios {
  private struct Sent: Sendable {
    let kind: RouteKind
    /// What is sent behind the ticket.
    let fields: String
    let status: Int
    /// In place of the route's example.
    var route: (@Sendable (String) -> Route)?
  }

  private static let flight = ObjectID(VisitScenarios.flight)!
  private static let none = ObjectID("0195a3b2-0000-7000-8000-0000000000ee")!

  private static let table: [Sent] = [
    Sent(kind: .signIn, fields: "email=nobody%40example.org&password=wrong", status: 422),
    Sent(kind: .join, fields: "name=A&password=short", status: 422),
    Sent(kind: .elevate, fields: "password=wrong", status: 422),
    Sent(kind: .password, fields: "password=short", status: 422),
    Sent(kind: .factor, fields: "act=confirm&code=000000", status: 422),
    Sent(kind: .recovery, fields: "", status: 422),
    Sent(
      kind: .filter, fields: "f%5B0%5D%5Bfield%5D=distance&f%5B0%5D%5Bop%5D=gt&f%5B0%5D%5Bvalue%5D=far&do=apply",
      status: 422),
    Sent(kind: .edit, fields: "v%5Bdistance%5D=far&c%5Bdistance%5D=0&do=back", status: 422),
    Sent(kind: .edit, fields: "v%5Bairline%5D=&c%5Bairline%5D=0&do=pick%3Aairline&find=alpha", status: 422),
    Sent(kind: .edit, fields: "v%5Bnumber%5D=other&c%5Bnumber%5D=0&do=save", status: 409),
    Sent(
      kind: .edit, fields: "v%5Bnumber%5D=x&c%5Bnumber%5D=0&do=save", status: 409,
      route: { .edit($0, model: "flight", none) }),
    Sent(kind: .new, fields: "id=\(none)&c%5Bdistance%5D=0&v%5Bdistance%5D=far&do=save", status: 422),
    Sent(kind: .new, fields: "id=\(flight)&c%5Bnumber%5D=0&v%5Bnumber%5D=x&do=save", status: 409),
    Sent(kind: .keep, fields: "name=&do=save", status: 422),
    Sent(kind: .editView, fields: "name=&do=save&revision=1", status: 422),
    Sent(kind: .editView, fields: "name=Other&do=save&revision=99", status: 409),
    Sent(kind: .delete, fields: "clear=true", status: 422),
    Sent(kind: .restore, fields: "seen=1&what=x", status: 409),
    Sent(kind: .deleteUser, fields: "moment=9999999&confirm=wrong", status: 422),
    Sent(kind: .manageAPI, fields: "act=create&name=", status: 422),
    Sent(kind: .enrolmentCards, fields: "act=cards", status: 422),
    Sent(kind: .wipe, fields: "display=wrong", status: 422),
    Sent(kind: .webhook, fields: "act=enable&url=nothing&opened=off%20", status: 422),
    Sent(kind: .webhook, fields: "act=enable&url=https%3A%2F%2Ferp.example.org%2Fa&opened=other", status: 409),
    Sent(kind: .delivery, fields: "act=resend", status: 422),
    Sent(
      kind: .settings, fields: "setting=region&act=set&value=\(String(repeating: "x", count: 5000))&was_set=&opened=",
      status: 422),
    Sent(kind: .settings, fields: "setting=region&act=set&value=eu&was_set=true&opened=us", status: 409),
    Sent(kind: .people, fields: "act=invite&email=nobody&name=New&viewer=true", status: 422),
    Sent(kind: .operators, fields: "act=invite&email=nobody&name=New", status: 422),
    Sent(kind: .modelCheck, fields: "document=%3Cdata-model%3E%3Cmodel%2F%3E", status: 422),
    Sent(kind: .modelDeploy, fields: "version=1&on=1&note=\(String(repeating: "x", count: 5000))", status: 422),
    Sent(kind: .modelDeploy, fields: "version=1&on=99", status: 409),
    // The user is deleted before it is sent.
    Sent(kind: .appUser, fields: "act=unlock", status: 409),
  ]

  /// Nothing that is sent to them is refused by 422 or 409 where its person may do it.
  private static let neverRefused: Set<RouteKind> = [
    .signOut, .look, .sessions, .columns, .reveal, .token, .deliveries,
  ]

  @Test("Every page of a 422 or 409 has no link but those that open a new tab, and no form that asks but such")
  func links() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { pages in
      var world = try await RoleWorld(pages)
      for sent in Self.table {
        let somebody = try #require(try await world.guest(.operator, elevated: true))
        let example = try await world.route(sent.kind, for: somebody.visitor)
        let route = sent.route?(pages.deploymentID) ?? example
        let path = String(route.address.text.prefix { $0 != "?" })
        let ticket = sent.kind.hasTicket ? "ticket=\(pages.people.ticket(for: path, somebody.visitor))&" : ""
        if sent.kind == .appUser { try await Self.deleteUser(pages) }
        let headers = ["Host": RoleWorld.host, "Cookie": "sojourn-8080=\(somebody.token)"].merging(TestBrowser.ours) {
          $1
        }
        let answer = await pages.send(.post, route.address.text, form: ticket + sent.fields, headers: headers)
        let name = "\(sent.kind.pattern): \(sent.fields.prefix(80))"
        #expect(answer.status == sent.status, "\(name)")
        guard [409, 422].contains(answer.status) else { continue }
        let page = try answer.page
        #expect(page.faults == [], "\(name)")
        for link in page.all("a") {
          let (address, target) = (link.attributes["href"] ?? "", link.attributes["target"])
          #expect(address.hasPrefix("#") || target == "_blank", "\(name): \(address)")
        }
        for form in page.all("form") where form.attributes["method"] == "get" {
          #expect(form.attributes["target"] == "_blank", "\(name): \(form.attributes)")
        }
        #expect(page.element(withID: "jump") == nil, "\(name)")
      }
      let told = Set(Self.table.map(\.kind)).union(Self.neverRefused)
      #expect(Set(RouteKind.allCases.filter { $0.methods != .get }).subtracting(told) == [], "a form that is not here")
    }
  }

  private static func deleteUser(_ pages: TestBrowser) async throws {
    let user = AppUserScenarios.anna
    try await pages.batch(
      "{\"operations\":[{\"method\":\"DELETE\",\"object\":{\"type\":\"user\",\"id\":\"\(user)\"}}]}")
  }

  @Test("A page that is asked for keeps its links, also where it is a 422")
  func asked() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for path in ["/audit?from=soon", "/models/flight?q[nothing]=1", "/changes?to=soon"] {
        let page = try await browser.send(.get, path).page
        #expect(page.links.contains("/databrowser/\(browser.deploymentID)/models"), "\(path)")
        #expect(!page.all("a").contains { $0.attributes["target"] == "_blank" }, "\(path)")
      }
    }
  }
}
