import HTTPServer
import People
import Web
import Wire

/// A request with what is known of who makes it: made once, before anything else is looked at.
package struct Visit: Sendable {
  package let head: RequestHead
  package let route: Route
  /// Nil where nobody is signed in.
  package let visitor: Visitor?
  package let now: Instant
  /// Scheme and host as the visitor's browser has them, without a slash at the end.
  package let origin: String
  /// The same of the API and of attachments.
  package let apiOrigin: String
  /// Nil where no cookie may be set, and nobody can sign in.
  let cookies: CookieScope?
  /// Makes the ticket of a form that is posted to a route.
  package let ticket: @Sendable (Route) -> String

  /// What a save before has done, where its page is to tell of it.
  var done: Done? {
    guard head.method != .post, let query = head.rawQuery, let pairs = try? QueryPairs(query) else { return nil }
    return Done(pairs)
  }

  /// The page from which one came, where it is one of ours.
  var referer: Route? { head.headers["referer"].flatMap { Route(address: $0, origin: origin) } }

  /// Where the request comes from.
  var browser: Browser {
    Browser(
      address: head.remoteAddress, agent: head.headers["user-agent"] ?? "",
      known: cookies?.value(of: .known, in: head.headers.all("cookie")))
  }
}

/// Knows who makes a request.
package protocol VisitSource: Sendable {
  /// Nil where nobody is signed in.
  /// - Throws: `StorageError`.
  func visitor(of head: RequestHead, _ cookies: CookieScope?) async throws -> Visitor?
}

/// Whoever a request's cookie belongs to.
package struct PeopleVisits: VisitSource {
  let people: People

  package init(_ people: People) { self.people = people }

  package func visitor(of head: RequestHead, _ cookies: CookieScope?) async throws -> Visitor? {
    guard let token = cookies?.value(of: .session, in: head.headers.all("cookie")) else { return nil }
    return try await people.visitor(token: token)
  }
}

extension LocalAddress {
  /// Without its query: what tickets are made for.
  var path: String { String(text.prefix { $0 != "?" && $0 != "#" }) }
}
