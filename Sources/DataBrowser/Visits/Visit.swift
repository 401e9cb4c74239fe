import HTTPServer
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
  /// Makes the ticket of a form that is posted to a route.
  package let ticket: @Sendable (Route) -> String

  package init(
    head: RequestHead, route: Route, visitor: Visitor?, now: Instant, origin: String,
    ticket: @escaping @Sendable (Route) -> String
  ) {
    self.head = head
    self.route = route
    self.visitor = visitor
    self.now = now
    self.origin = origin
    self.ticket = ticket
  }
}

/// Knows who makes a request.
package protocol VisitSource: Sendable {
  /// Nil where nobody is signed in.
  func visitor(of head: RequestHead, at now: Instant) async -> Visitor?
  /// The ticket of a form that this visitor may post to a route.
  func ticket(for visitor: Visitor, to route: Route, at now: Instant) -> String
  /// Whether a POST of this visitor to the route carries a good ticket and comes from a page of ours.
  func accepts(_ head: RequestHead, ticket: String?, of visitor: Visitor, to route: Route, at now: Instant) -> Bool
}
