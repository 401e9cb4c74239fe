import Web

/// What went wrong, whether anything was written, and what to do next.
package struct ErrorPage: Page {
  package var fault: PageFault

  package init(_ fault: PageFault) { self.fault = fault }

  package var title: String { fault.heading }
  package var isNarrow: Bool { true }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        div {
          p(.class("hush small")) { "Error \(fault.status)" }
          h1 { fault.heading }
        }
      }
      div(.class("notice bad")) {
        p { fault.detail }
        if let next = fault.next { p { next } }
        if let hasWritten = fault.hasWritten {
          p(.class("hush small")) { hasWritten ? "What you sent was stored." : "Nothing was changed." }
        }
      }
      if !fault.ways.isEmpty {
        div(.class("actions")) {
          for way in fault.ways { a(.class("button"), .href(way.route)) { way.text } }
        }
      }
    }
  }
}

/// Why there is no page, as a person is told it.
package struct PageFault: Error, Sendable {
  package var status: Int
  package var heading: String
  package var detail: String
  /// What to do next.
  package var next: String?
  package var ways: [Crumb] = []
  /// Nil where that cannot be told.
  package var hasWritten: Bool? = false
  /// Seconds until it is worth to try again.
  package var retryAfter: Int?

  package init(_ status: Int, _ heading: String, _ detail: String, next: String? = nil, ways: [Crumb] = []) {
    self.status = status
    self.heading = heading
    self.detail = detail
    self.next = next
    self.ways = ways
  }
}
