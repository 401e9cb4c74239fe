import Administration
import HTTPServer
import PageReading
import Storage
import Testing
import Web
import Wire

@testable import DataBrowser

/// The server's own page, what the overview says is wrong, and what holds of the pages' host.
@Suite("The server and its troubles")
struct ServerScenarios {
  private static func figures(_ text: String) -> ServerFigures {
    var figures = ServerFigures()
    (figures.version, figures.health, figures.dataDirectory) = (text, text, text)
    (figures.attachmentsElsewhere, figures.addresses) = (text, [text, text])
    (figures.startedAt, figures.disk) = (.last, DiskSpace(freeBytes: 1, totalBytes: 100 << 30))
    (figures.connections, figures.memoryBytes, figures.openFiles, figures.threads) = (3, 1 << 30, 7, 9)
    (figures.metricsAddress, figures.furtherDeployments) = (text, 2)
    var row = ServerFigures.DeploymentRow(
      DeploymentCard(id: RouteTests.deployment, label: text, environment: text))
    (row.isFit, row.lastSequence, row.fileBytes, row.parked) = (false, .max, .max, 4)
    figures.deployments = [row, row]
    figures.settings = [nil, "", text].map { .init(name: text, value: $0, source: text, places: text, meaning: text) }
    return figures
  }

  @Test("Its page in its states holds what it is given", arguments: PageTests.hostile.indices)
  func states(_ index: Int) throws {
    let text = PageTests.hostile[index]
    for figures in [ServerFigures(), Self.figures(text)] {
      let page = try PageTests.read(ServerPage(figures))
      #expect(page.faults == [])
      #expect(page.text.contains("nearly full") == (figures.disk != nil))
    }
  }

  @Test("Operators alone see it, and their list of deployments links to it")
  func operators() async throws {
    var watch = ServerWatch.none
    watch.figures = { Self.figures("of the test") }
    try await TestBrowser.run(schema: Schemas.flights, with: { $0.server = watch }) { browser in
      let answer = await browser.send(.get, "/databrowser/server")
      #expect(answer.status == 200 && answer.text.contains("of the test"))
      let links = try await browser.send(.get, "/databrowser?all=1").page.links
      #expect(links.contains("/databrowser/server"))
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      #expect(await browser.send(.get, "/databrowser/server").status == 403)
    }
  }

  @Test("The overview says what is wrong and what to do, and numbers of the disk to operators alone")
  func troubles() async throws {
    var watch = ServerWatch.none
    watch.disk = { DiskSpace(freeBytes: 5 << 20, totalBytes: 10 << 30) }
    watch.parked = { _ in 12 }
    try await TestBrowser.run(schema: Schemas.flights, with: { $0.server = watch }) { browser in
      var page = try await browser.send(.get, "").page
      #expect(page.faults == [])
      for text in [
        "12 deliveries of webhooks were given up", "webhook resend", "nearly full", "5.0 MiB", "oplog_retention",
      ] {
        #expect(page.text.contains(text), "\(text)")
      }
      func ways(_ page: ReadPage) -> [String] {
        page.all("a").filter { ["Look at them", "Look at the server"].contains($0.text) }
          .compactMap { $0.attributes["href"] }
      }
      let webhooks = "/databrowser/\(browser.deploymentID)/webhooks"
      #expect(ways(page) == ["/databrowser/server", webhooks])
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      #expect(ways(try await browser.send(.get, "").page) == [webhooks])
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      page = try await browser.send(.get, "").page
      #expect(page.text.contains("nearly full") && !page.text.contains("MiB") && ways(page) == [])
    }
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let page = try await browser.send(.get, "").page
      #expect(!page.text.contains("Needs attention"))
    }
  }

  @Test(arguments: [
    (0, 100, true), (1 << 30, 10 << 30, false), ((1 << 30) - 1, 10 << 30, true), (19 << 30, 400 << 30, true),
    (20 << 30, 4000 << 30, false), (.max, .max, false),
  ])
  func aDiskIsNearlyFull(_ free: Int, _ total: Int, _ isNearlyFull: Bool) {
    #expect(DiskSpace(freeBytes: free, totalBytes: total).isNearlyFull == isNearlyFull)
  }

  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
    (10_239 << 10, "9.9 MiB"), (1 << 40, "1.0 TiB"), (-5, "0 bytes"), (.max, "8,191.9 PiB"),
  ])
  func bytesAreTold(_ bytes: Int, _ text: String) { #expect(ByteText.text(bytes) == text) }

  // MARK: Headers and hosts.

  @Test("Browsers are told to stay with https where the certificate is a given one, and only over https")
  func strict() async throws {
    for isStrict in [true, false] {
      try await TestBrowser.run(schema: Schemas.flights, with: { $0.isStrict = isStrict }) { browser in
        for path in ["", "/databrowser", "/models/none", "/databrowser/nothing", "/databrowser/assets/0/main.js"] {
          for scheme in ["https", "http"] {
            let answer = await browser.send(.get, path, scheme: scheme)
            let expected = isStrict && scheme == "https" ? "max-age=31536000" : nil
            #expect(answer.headers["Strict-Transport-Security"] == expected, "\(path) \(scheme)")
          }
        }
      }
    }
  }

  @Test("Pages with a host of their own are there alone, with the addresses of the API in them")
  func host() async throws {
    let change: (inout DataBrowserServices) -> Void = {
      $0.publicURL = "https://api.example.org"
      $0.pagesURL = "https://pages.example.org"
      $0.host = "pages.example.org"
    }
    try await TestBrowser.run(schema: Schemas.flights, with: change) { browser in
      for host in ["api.example.org", "here", "pages.example.org.evil", "[::1]", "pages.example.orgx"] {
        for path in ["", "/databrowser", "/databrowser/sign-in", "/databrowser/assets/0/main.js"] {
          let answer = await browser.send(.get, path, headers: ["Host": host], scheme: "https")
          #expect(answer.status == 404 && answer.text.contains("https://pages.example.org"), "\(host) \(path)")
          let page = try answer.page
          #expect(page.faults == [])
        }
      }
      for host in ["pages.example.org", "PAGES.example.org:443", "pages.example.org."] {
        let answer = await browser.send(.get, "/api", headers: ["Host": host], scheme: "https")
        #expect(answer.status == 303 || answer.status == 200, "\(host)")
        let overview = await browser.send(.get, "", headers: ["Host": host], scheme: "https")
        #expect(
          overview.status == 200 && overview.text.contains("https://api.example.org/api/v4/\(browser.deploymentID)"))
        #expect(
          overview.headers["Content-Security-Policy"]?.contains("img-src 'self' https://api.example.org;") == true)
      }
    }
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let policy = await browser.send(.get, "").headers["Content-Security-Policy"]
      #expect(policy?.contains("img-src 'self';") == true)
    }
  }
}
