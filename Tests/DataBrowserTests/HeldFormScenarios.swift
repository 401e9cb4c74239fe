import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Forms that are kept until their person has signed in again.
@Suite("Forms that are kept")
struct HeldFormScenarios {
  @Test("A form of the greatest length is kept as it came, and can be sent again; a longer one is refused before")
  func longForms() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var journey = try await browser.joined("Ada", elevated: false)
      try await journey.open("/databrowser/me")
      let page = journey
      // Encoded anew, blanks would be three times as long.
      let ticket = try #require(journey.fields(of: "/databrowser/me/look")?.first)
      let rest = "ticket=\(ticket.1)&look=dark&note="
      func form(_ bytes: Int) -> String { rest + String(repeating: "+", count: bytes - rest.utf8.count) }
      let headers = ["Host": "localhost:8080", "Sec-Fetch-Site": "same-origin"]
      let long = await browser.send(.post, "/databrowser/me/look", form: form((1 << 20) + 1), headers: headers)
      #expect(long.status == 413 && long.text.contains("1,048,576 bytes"))
      let kept = await browser.send(.post, "/databrowser/me/look", form: form(1 << 20), headers: headers)
      #expect(kept.status == 303)
      journey = page
      try await journey.open("/databrowser/held/1")
      let field = try #require(journey.page.all("input").first { $0.attributes["name"] == "note" })
      #expect(field.attributes["value"]?.utf8.count == (1 << 20) - rest.utf8.count)
      let again = try #require(journey.fields(of: "/databrowser/me/look", having: ["held": "1"]))
      let sent = again.map { "\($0.0)=\($0.1.replacing(" ", with: "+"))" }.joined(separator: "&")
      #expect(sent.utf8.count > 1 << 20)
      let cookie = journey.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let done = await browser.send(
        .post, "/databrowser/me/look", form: sent, headers: headers.merging(["Cookie": cookie]) { $1 })
      #expect(done.status == 303)
      #expect(try await browser.people.all().first?.manner.look == .dark)
    }
  }

  @Test("One that could not be done when it was sent again stays kept, and goes once it is done")
  func staysWhileItFails() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var ada = try await browser.joined("Ada", [.administrator])
      _ = try await browser.joined("Bob", [.viewer], elevated: false)
      let bob = try await browser.person("Bob")
      try await ada.open(browser.peoplePath)
      browser.clock.advance(byMilliseconds: 15 * 60_000)
      try await ada.act("roles", bob, ["editor": "true"])
      try await ada.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      let held = ada.path
      #expect(held.hasPrefix("/databrowser/held/"))
      browser.audit.isBroken.store(true, ordering: .relaxed)
      try await ada.send(to: browser.peoplePath)
      #expect(ada.status == 503)
      browser.audit.isBroken.store(false, ordering: .relaxed)
      try await ada.open(held)
      #expect(ada.status == 200)
      try await ada.send(to: browser.peoplePath)
      #expect(ada.path == browser.peoplePath && ada.status == 200)
      #expect(try await browser.person("Bob").grants.map(\.roles) == [[.viewer, .editor]])
      try await ada.open(held)
      #expect(ada.status == 404)
      // Another form of the same person does not go with it.
      try await ada.open("/databrowser/me")
      let look = ada
      ada.forget()
      try await ada.send(to: "/databrowser/me/look", ["look": "dark"])
      ada = look
      try await ada.send(to: "/databrowser/me/look", ["look": "light", "held": "x"])
      try await ada.open("/databrowser/held/2")
      #expect(ada.status == 200)
    }
  }
}
