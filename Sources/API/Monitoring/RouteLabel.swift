/// How a request is called in figures: its route's name, or one of a few other words. It travels through the
/// HTTP server as a number (`FinishedExchange.kind`).
package enum RouteLabel {
  /// What fits no route, or was refused before one was looked for. Never what a client wrote.
  package static let unmatched: UInt8 = 0
  package static let health: UInt8 = 1
  package static let page: UInt8 = 2

  private static let words = ["unmatched", "health", "page"]

  package static let all: [String] = words + Route.table.map(\.name)

  static func number(of route: Route) -> UInt8 { UInt8(clamping: words.count + route.index) }
}
