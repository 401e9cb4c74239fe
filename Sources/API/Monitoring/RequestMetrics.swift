import HTTPServer
import Metrics

/// Counts requests as they end: by route, method and status, how long they took, and their bytes. A request
/// costs a handful of additions; nothing is locked and nothing is made.
package final class RequestMetrics: Sendable {
  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"]
  /// Every status that this server answers with, and that of a client that went away.
  private static let statuses = [
    200, 204, 206, 302, 303, 304, 400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 416, 422, 429, 431, 499, 500, 501,
    502, 503, 504,
  ]
  /// The index in `statuses` of each status from 100 to 599; of one that is not in it, the index behind them all.
  private static let indexes: [UInt8] = (100..<600).map { status in
    UInt8(statuses.firstIndex(of: status) ?? statuses.count)
  }

  /// What requests of each kind are called.
  private let labels: [String]
  private let requests: CounterBank
  private let received: CounterBank
  private let sent: CounterBank
  private let durations: [Histogram]

  /// `others` are the kinds of sites that stand beside the API's, counted from `RouteLabel.all.count`.
  package init(beside others: [String] = []) {
    labels = RouteLabel.all + others
    precondition(labels.count <= Int(UInt8.max), "kinds of requests are numbers of one byte")
    requests = CounterBank(labels.count * Self.methods.count * (Self.statuses.count + 1))
    received = CounterBank(labels.count)
    sent = CounterBank(labels.count)
    durations = labels.map { _ in Histogram(.time) }
  }

  package func note(_ exchange: FinishedExchange) {
    let route = Int(exchange.kind) < durations.count ? Int(exchange.kind) : Int(RouteLabel.unmatched)
    requests.add(1, to: Self.index(route, Self.index(of: exchange.head.method), Self.index(of: exchange.status)))
    durations[route].record(UInt64(clamping: exchange.microseconds))
    if exchange.receivedBytes > 0 { received.add(UInt64(exchange.receivedBytes), to: route) }
    if exchange.bodyBytes > 0 { sent.add(UInt64(exchange.bodyBytes), to: route) }
  }

  private static func index(_ route: Int, _ method: Int, _ status: Int) -> Int {
    (route &* methods.count &+ method) &* (statuses.count &+ 1) &+ status
  }

  private static func index(of status: Int) -> Int {
    status >= 100 && status < 600 ? Int(indexes[status &- 100]) : statuses.count
  }

  private static func index(of method: Method) -> Int {
    switch method {
    case .get: 0
    case .head: 1
    case .post: 2
    case .put: 3
    case .patch: 4
    case .delete: 5
    case .options: 6
    case .other: 7
    }
  }

  /// Only what has happened: routes that nobody asked for have no series.
  package func measure(_ page: inout MetricPage) {
    for (route, name) in labels.enumerated() {
      for (method, word) in Self.methods.enumerated() {
        for status in 0...Self.statuses.count {
          let count = requests.value(Self.index(route, method, status))
          guard count > 0 else { continue }
          let code = status < Self.statuses.count ? String(Self.statuses[status]) : "other"
          page.add(.requests, [name, word, code], Double(count))
        }
      }
      let figures = durations[route].figures
      guard figures.count > 0 else { continue }
      page.add(.requestDuration, [name], figures)
      page.add(.requestBytes, [name], Double(received.value(route)))
      page.add(.responseBytes, [name], Double(sent.value(route)))
    }
  }
}
