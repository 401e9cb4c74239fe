import Crypto
import DataBrowser
import PageReading
import People
import Storage
import Testing
import Wire

/// Second factors and recovery codes, by following links and sending forms without script.
@Suite("Second factors")
struct FactorScenarios {
  private func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await body(browser)
    }
  }

  @Test("A second factor is set up after elevation, asked for from then on, and its recovery codes are shown once")
  func factor() async throws {
    try await run { browser in
      var journey = try await browser.joined("Ada", operator: true, elevated: false)
      try await journey.open("/databrowser/me/factor")
      #expect(journey.path.hasPrefix("/databrowser/elevate?to="))
      let userName = journey.page.all("input").first { $0.attributes["autocomplete"] == "username" }
      #expect(userName?.attributes["value"] == "ada@example.org")
      let token = journey.cookies["sojourn-8080"]
      try await journey.send(to: "/databrowser/elevate", ["password": "wrong"])
      #expect(journey.status == 422)
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == "/databrowser/me/factor" && journey.cookies["sojourn-8080"] != token)
      #expect(journey.page.text.contains("more minutes"))
      try await journey.send(to: "/databrowser/me/factor", ["act": "begin"])
      let secret = try #require(journey.page.all("pre").first?.text)
      let totp = TOTP(secret: try #require(Base32.decode(secret)))
      try await journey.send(to: "/databrowser/me/factor", ["act": "confirm", "code": "000000"])
      #expect(journey.status == 422 && journey.page.element(withID: "field-code-fault") != nil)
      try await journey.send(to: "/databrowser/me/factor", ["act": "confirm", "code": try code(totp, browser)])
      #expect(journey.path == "/databrowser/me/recovery")
      let codes = journey.page.all("code").map(\.text)
      #expect(codes.count == 10)
      try await journey.send(to: "/databrowser/sign-out")

      browser.clock.advance(byMilliseconds: 60_000)
      try await journey.open("/databrowser/me")
      for wrong in ["", "000000"] {
        try await journey.send(
          to: "/databrowser/sign-in", ["email": "ada@example.org", "password": RoleWorld.password, "code": wrong])
        #expect(journey.status == 422)
      }
      try await journey.send(to: "/databrowser/sign-in", ["password": RoleWorld.password, "code": codes[3]])
      #expect(journey.path == "/databrowser/me" && journey.page.text.contains("9 left"))
    }
  }

  private func code(_ totp: TOTP, _ browser: TestBrowser) throws -> String {
    try #require(totp.code(ofStep: TOTP.step(at: browser.clock.now)))
  }

  @Test("Recovery codes that were just made stay good when their form comes a second time")
  func recoveryTwice() async throws {
    try await run { browser in
      var journey = try await browser.joined("Ada", operator: true, elevated: false)
      try await journey.open("/databrowser/me/factor")
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      let begin = try #require(journey.fields(of: "/databrowser/me/factor"))
      for _ in 0..<2 { try await journey.post("/databrowser/me/factor", begin + [("act", "begin")]) }
      let secret = try #require(journey.page.all("pre").first?.text)
      let totp = TOTP(secret: try #require(Base32.decode(secret)))
      var confirm = try #require(journey.fields(of: "/databrowser/me/factor"))
      confirm.removeAll { $0.0 == "code" }
      confirm.append(("code", try code(totp, browser)))
      var codes: Set<[String]> = []
      for _ in 0..<2 {
        try await journey.post("/databrowser/me/factor", confirm)
        #expect(journey.path == "/databrowser/me/recovery")
        codes.insert(journey.page.all("code").map(\.text))
      }
      let renew = try #require(journey.fields(of: "/databrowser/me/recovery"))
      for _ in 0..<3 {
        try await journey.post("/databrowser/me/recovery", renew)
        #expect(journey.status == 200)
        codes.insert(journey.page.all("code").map(\.text))
      }
      #expect(codes.count == 2 && codes.allSatisfy { $0.count == 10 })
    }
  }

  @Test("Somebody who must have a second factor comes to setting it up, wherever they go")
  func factorFirst() async throws {
    try await TestBrowser.run(schema: Schemas.flights, secondFactor: .administrators) { browser in
      browser.usePeople()
      var journey = try Journey(browser)
      let code = try #require(try await browser.people.linkForFirstOperator())
      try await journey.open(People.path(of: code))
      try await journey.send(
        to: People.path(of: code), ["email": "ada@example.org", "name": "Ada", "password": RoleWorld.password])
      for path in [
        "/databrowser", "/databrowser/\(browser.deploymentID)", "/databrowser/\(browser.deploymentID)/models",
      ] {
        try await journey.open(path)
        #expect(journey.path.hasPrefix("/databrowser/elevate?to="), "\(path): \(journey.path)")
      }
      try await journey.open("/databrowser/me")
      #expect(journey.status == 200 && journey.page.text.contains("Set up a second factor"))
    }
  }
}
