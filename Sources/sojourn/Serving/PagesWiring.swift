import API
import Administration
import CommandLineTable
import DataBrowser
import HTTPServer
import People
import Wire

/// Puts the pages together from the deployments and the people who may see them.
enum PagesWiring {
  static let prefix = "/databrowser"
  /// Bytes of a form: those with files say how many they take.
  private static let mostBody = 8 << 20

  /// Where the pages are, and how.
  struct Place {
    var publicURL: String?
    /// Where they have a host of their own; else nil.
    var home: BrowserHost?
    /// Whether the certificate is one that browsers trust, as far as its giver says.
    var hasGivenCertificate = false

    /// Where links to the pages begin; nil while no public URL is set.
    var pagesURL: String? { home?.url ?? publicURL }
  }

  static func site(
    _ data: ServedData, _ people: People, _ administration: Administration, at place: Place, _ status: ServerStatus,
    _ metrics: RequestMetrics, log: ServerLog
  ) -> Site {
    var services = DataBrowserServices(
      deployments: data.deployments, attachments: data.attachments, visits: PeopleVisits(people), people: people,
      spool: data.spool, clock: data.clock, log: log)
    services.publicURL = place.publicURL
    services.pagesURL = place.home?.url
    services.host = place.home?.host
    services.isStrict = place.hasGivenCertificate
    services.server = status.forPages
    services.count = { metrics.note($0) }
    services.administration = administration
    var limits = SiteLimits()
    limits.body = mostBody
    // A browser that sends more is answered at once, and what still comes is thrown away for a while.
    limits.refusedBody = mostBody
    return Site(
      prefix, DataBrowserHandler(services), limits: limits, firstKind: UInt8(clamping: RouteLabel.all.count))
  }

  /// Says how the first operator joins, while there is nobody.
  static func announce(_ people: People, log: ServerLog) async {
    let code: String?
    do {
      guard try await people.all().isEmpty else { return }
      code = try await people.linkForFirstOperator()
    } catch {
      // By now it serves, and goes on when storage does.
      log.warning(
        "Whether there is an operator could not be found out, and no link for the first one was made: "
          + "\(Sentence.of(error)) `sojourn person create` makes one.")
      return
    }
    guard let code else {
      log.note(
        "Nobody can sign in to the pages until the first operator has opened the link that was made by "
          + "`sojourn person create`. Where it was lost or is over, that command makes another.")
      return
    }
    log.note(
      "Nobody can sign in to the pages yet. Whoever opens this link within an hour becomes the first operator: "
        + people.address(of: code))
  }
}

/// The host that serves the pages and nothing of the API, in lower case, with their address.
struct BrowserHost: Equatable {
  let host: String
  let url: String

  static let option = CommandOption(
    "browser-host", .text, placeholder: "HOST", environment: "SOJOURN_BROWSER_HOST", key: "browser-host",
    help:
      "The host name that serves the pages, and it alone: the API and attachments are not there. Scheme and port are those "
      + "of --public-url, which must have another host.")

  /// Nil where it is not set.
  static func read(_ command: ParsedCommand, publicURL: String?) throws(UsageError) -> BrowserHost? {
    guard let text = command.text("browser-host") else { return nil }
    guard HostField.isHost(text), HostField.name(of: text) == text.lowercased(), !text.hasPrefix("[") else {
      throw command.usageError(
        "--browser-host takes the name of a host without scheme and port, not '\(CutText.cut(text))'",
        hint: "One is written like browser.example.org.")
    }
    guard let publicURL, let (scheme, authority) = parts(of: publicURL) else {
      throw command.usageError(
        "--browser-host needs --public-url",
        hint: "Pages print the addresses of the API and of attachments, which are not at the host of the pages.")
    }
    let host = text.lowercased()
    guard HostField.name(of: authority) != host else {
      throw command.usageError(
        "--browser-host is the host of --public-url, \(CutText.cut(host))",
        hint: "Give the pages a host of their own, or leave --browser-host out.")
    }
    let port =
      authority.drop { $0 != "]" }.isEmpty ? authority.drop { $0 != ":" } : authority.drop { $0 != "]" }.dropFirst()
    return BrowserHost(host: host, url: "\(scheme)://\(host)\(port)")
  }

  private static func parts(of url: String) -> (scheme: Substring, authority: Substring)? {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
    return (url[..<colon], url[colon...].dropFirst(3).prefix { $0 != "/" })
  }
}

extension ServerLog: PageLog {}
