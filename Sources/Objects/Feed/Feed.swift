import Attachments
import QueryLanguage
import Storage
import Wire

/// Reads a deployment's change feed for one caller (api.md section 11).
package struct Feed: Sendable {
  private let calls: ObjectCalls
  private let appID: String
  private let clock: any WallClock
  private let links: AttachmentLinks

  package init(_ calls: ObjectCalls, appID: String, clock: any WallClock, links: AttachmentLinks) {
    self.links = links
    self.calls = calls
    self.appID = appID
    self.clock = clock
  }

  /// `admitted` throws where the caller may not read any more, and else says how long they may at most; nil is for
  /// good. It is asked when something came and when waits are woken, before anything is answered.
  /// - Throws: `ClientFault`, `StorageError`, what `admitted` throws.
  package func read(
    _ query: FeedQuery, admitted: () async throws -> Duration?
  ) async throws -> RenderedAnswer {
    let deadline = ContinuousClock.now + .seconds(query.waitSeconds)
    var start = query.start
    var examined = OplogPlan.mostExamined
    var isWoken = false
    while true {
      let result = try await page(query, from: start, examined: examined)
      if isWoken { _ = try await admitted() }
      examined -= result.reach.examined
      let hasAnswer = result.count > 0 || result.reach.hasMore || examined <= 0
      // Woken, and still nothing in the range: what came lies behind its end, and so will all else.
      let isOver = isWoken && result.reach.last == nil
      guard !hasAnswer, !isOver, query.waitSeconds > 0, result.next < query.end else { return result.answer }
      isWoken = try await wait(from: result.next, until: deadline, admitted: admitted)
      guard isWoken else { return result.answer }
      // Behind a filter each commit may be for nothing: several are looked at in one go.
      if query.models != nil { try? await Task.sleep(for: Self.pause) }
      if let last = result.reach.last { start = last + 1 }
    }
  }

  /// Waits for an entry for as long as the caller may; false where none came until the deadline.
  private func wait(
    from position: Int64, until deadline: ContinuousClock.Instant, admitted: () async throws -> Duration?
  ) async throws -> Bool {
    while true {
      let wakes = calls.store.waitWakes
      let end = try await admitted().map { ContinuousClock.now + $0 }
      switch try await calls.store.waitForEntry(from: position, until: min(deadline, end ?? deadline), since: wakes) {
      case .entry: return true
      case .look: break
      case .over:
        // What ended may be the caller's right to wait, and not the wait.
        guard let end, end < deadline, ContinuousClock.now >= end else { return false }
      }
    }
  }

  /// How long a filtered reading gathers commits before it looks at them; entries are to arrive within
  /// 50 ms.
  private static let pause = Duration.milliseconds(20)

  /// Entries are written under the data model in force, so that under the snapshot's none knows more than what it is
  /// rendered under.
  private func page(_ query: FeedQuery, from start: Int64, examined: Int) async throws -> FeedPage.Result {
    var asked = query
    asked.start = start
    return try await calls.planning { [asked] view in
      try await calls.store.read { [self] in try page(asked, examined: examined, under: view, from: $0) }
    }
  }

  /// The page from `query.start` on: how far the oplog reaches, the models' names where they are needed, and what
  /// `FeedPage` asks for.
  func page(
    _ query: FeedQuery, examined: Int, under view: DataModelView, from snapshot: any Snapshot
  ) throws -> FeedPage.Result {
    let from = try FeedStart(query.start, in: try snapshot.oplogBounds(), atMilliseconds: clock.milliseconds())
    var names = ModelNames()
    let plan = OplogPlan(
      start: from.sequence, end: query.end, limit: query.limit,
      models: try query.models.map { try names.numbers(of: $0, in: snapshot) }, examined: examined,
      isTail: query.isTail)
    let page = FeedPage(
      query: query, plan: plan, view: view, appID: appID, spoolFolder: calls.spoolFolder, links: links)
    return try page.read(from: snapshot, &names)
  }
}
