import Synchronization

/// Those who have figures to show. Each is asked when somebody looks at `/metrics`, and never in between.
///
///     sources.add { page in page.add(.webhookParked, [deployment], count) }
package final class MetricSources: Sendable {
  package typealias Source = @Sendable (inout MetricPage) -> Void

  private let sources = Mutex<[Source]>([])

  package init() {}

  /// A source must be quick, and must not wait: it may be asked every few seconds.
  package func add(_ source: @escaping Source) { sources.withLock { $0.append(source) } }

  package func page() -> MetricPage {
    var page = MetricPage()
    for source in sources.withLock({ $0 }) { source(&page) }
    return page
  }
}
