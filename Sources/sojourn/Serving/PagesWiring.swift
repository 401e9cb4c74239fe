import Administration
import DataBrowser
import HTTPServer
import People

/// Puts the pages together from the deployments and the people who may see them.
enum PagesWiring {
  static let prefix = "/databrowser"
  /// Bytes of a form: those with files say how many they take.
  private static let mostBody = 2 << 20

  static func site(
    _ data: ServedData, _ people: People, _ administration: Administration, publicURL: String?, log: ServerLog
  ) -> Site {
    var services = DataBrowserServices(
      deployments: data.deployments, attachments: data.attachments, visits: PeopleVisits(people), people: people,
      spool: data.spool, clock: data.clock, log: log)
    services.publicURL = publicURL
    services.administration = administration
    let pages = DataBrowserHandler(services)
    var limits = SiteLimits()
    limits.body = mostBody
    return Site(prefix, pages, limits: limits)
  }

  /// Says how the first operator joins, while there is nobody.
  static func announce(_ people: People, log: ServerLog) async throws {
    guard try await people.all().isEmpty else { return }
    guard let code = try await people.linkForFirstOperator() else {
      log.note(
        "Nobody can sign in to the pages yet. Somebody who was invited to be an operator has not joined: "
          + "`sojourn person list` shows who, `sojourn person create --operator` makes another link.")
      return
    }
    log.note(
      "Nobody can sign in to the pages yet. Whoever opens this link within an hour becomes the first operator: "
        + people.address(of: code))
  }
}

extension ServerLog: PageLog {}
