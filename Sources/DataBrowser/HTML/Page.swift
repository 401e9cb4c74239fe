import Web

/// A page as a value: all that it shows is in it, and `body` is a pure function of it.
package protocol Page: Sendable {
  /// What stands in the window's title, before the names of model and deployment: the most particular first.
  var title: String { get }
  /// The pages above it, the nearest last.
  var trail: [Crumb] { get }
  /// Whether it is one column of text and forms, which reads badly when it is wide.
  var isNarrow: Bool { get }
  /// Whether a secret stands on it. Such pages are not compressed: the size of a compressed answer tells of what is in it.
  var showsSecret: Bool { get }
  /// It begins with the page's only `h1`.
  @HTMLBuilder var body: HTML { get }
}

extension Page {
  package var trail: [Crumb] { [] }
  package var isNarrow: Bool { false }
  package var showsSecret: Bool { false }
}

/// A step of the trail of links above a page.
package struct Crumb: Sendable, Hashable {
  package var text: String
  package var route: Route

  package init(_ text: String, _ route: Route) {
    self.text = text
    self.route = route
  }
}

extension Attribute {
  package static func href(_ route: Route) -> Attribute { .href(route.address) }
  package static func action(_ route: Route) -> Attribute { .action(route.address) }
}

/// A link to a page of ours.
package func link(_ text: String, to route: Route) -> HTML { a(.href(route)) { text } }
