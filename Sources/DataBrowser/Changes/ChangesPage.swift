import Storage
import Web
import Wire

/// What changed in a deployment, the newest first: the oplog as people read it.
struct ChangesPage: Page {
  var card: DeploymentCard
  var view: ListFilter<ChangesKey>
  var form: Form
  var read: ReadChanges
  var baseURL: String

  /// Entries on a page.
  static let limit = 30

  var title: String { form.isGood ? "Changes" : "Error: Changes" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  private func route(_ view: ListFilter<ChangesKey>) -> Route { .changes(card.id, view) }
  private var newest: ListFilter<ChangesKey> { view.with(.before, "").with(.after, "") }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Changes" } }
      form.summary
      FilterCard(form: form, isFiltered: view.isFiltered, all: route(.all)).html
      if form.isGood {
        if isElsewhere { pager("Newer changes", [Crumb("Newest", route(newest))] + (newerWay.map { [$0] } ?? [])) }
        if read.entries.isEmpty { nothing }
        for entry in read.entries {
          ChangeCard(card: card, entry: entry, ofWho: { route(newest.with(.who, $0)) }).html
        }
        if let olderWay { pager("Older changes", [olderWay]) }
        ending
        follow
      }
    }
  }

  // MARK: Pages

  private var isUpwards: Bool { view[.before].isEmpty && !view[.after].isEmpty }
  private var isElsewhere: Bool { !view[.before].isEmpty || !view[.after].isEmpty }

  private var olderWay: Crumb? {
    if isUpwards {
      let last = read.entries.last?.state.sequence ?? HistoryView.sequence(view[.after]).map { $0 + 1 }
      return last.map { Crumb("Older", route(newest.with(.before, "\($0)"))) }
    }
    guard read.found.hasMore, let last = read.found.last else { return nil }
    return Crumb(read.found.isStopped ? "Go on" : "Older", route(newest.with(.before, "\(last)")))
  }

  private var newerWay: Crumb? {
    if isUpwards {
      guard read.found.hasMore, let last = read.found.last else { return nil }
      return Crumb(read.found.isStopped ? "Go on" : "Newer", route(newest.with(.after, "\(last)")))
    }
    guard let before = HistoryView.sequence(view[.before]) else { return nil }
    let first = read.entries.first?.state.sequence ?? before - 1
    return Crumb("Newer", route(newest.with(.after, "\(max(first, 1))")))
  }

  private func pager(_ name: String, _ ways: [Crumb]) -> HTML {
    nav(.class("pager"), .aria("label", name)) {
      for way in ways { a(.class("button"), .href(way.route)) { way.text } }
    }
  }

  private var nothing: HTML {
    div(.class("card")) {
      div(.class("empty")) {
        strong { read.found.isStopped ? "None so far" : isElsewhere ? "Nothing here" : "There are no such changes" }
        if !view.isFiltered, !isElsewhere { p { "Nothing has changed yet." } }
      }
    }
  }

  /// Where the changes end that a page could show.
  @HTMLBuilder
  private var ending: HTML {
    if read.found.isStopped {
      p(.class("hush small")) {
        "Up to \(Grouped.text(OplogPlan.mostExamined)) entries are looked at for one page, for a third of a second. "
          + "There are more: go on from here."
      }
    } else if read.bounds.trimmed > 0, read.start <= read.bounds.trimmed, isUpwards || !read.found.hasMore {
      div(.class("notice"), .id("trimmed")) {
        p {
          "Changes up to "
          HTML.timeWithZone(Instant(ofSequence: read.bounds.trimmed))
          " (sequence \(read.bounds.trimmed)) are not kept any more: the oplog was trimmed."
        }
      }
    }
  }

  // MARK: Following

  /// Where a program goes on after what is shown.
  private var start: Int64 {
    (read.entries.first?.state.sequence ?? read.bounds.kept?.upperBound).map { $0 + 1 } ?? 0
  }

  private var follow: HTML {
    let model = view[.model].isEmpty ? "" : "&model=\(PercentText.encode(view[.model]))"
    return details {
      summary { "As API call" }
      div(.class("stack")) {
        p { "What follows on the newest change of this page:" }
        CodeBlock(
          id: "follow",
          text: CurlText.line(base: baseURL, user: card.id, path: "oplog.json?start=\(start)\(model)"), isWrapped: true
        ).html
        p(.class("hush small")) { "Each change above has its own start: it leads to what follows on that change." }
      }
    }
  }
}
