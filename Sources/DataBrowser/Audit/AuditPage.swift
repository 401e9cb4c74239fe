import Crypto
import People
import Storage
import Web
import Wire

/// What was done in a deployment, or on the whole server, the newest first.
struct AuditPage: Page {
  /// Nil for the whole server.
  var card: DeploymentCard?
  var view: AuditView
  var form: Form
  var found: AuditReading.Found
  /// Of those who did what is shown; who was removed has one too.
  var names: [PersonID: String]
  /// Of deployments, where the page is of the whole server.
  var labels: [String: String] = [:]
  var anchor: AuditAnchor
  var days: Int64

  /// Entries on a page.
  static let limit = 50
  /// Entries that are looked at for one page.
  static let mostLookedAt: Int64 = 50_000
  /// Entries in a file.
  static let mostInFile = 10_000

  var title: String { form.isGood ? "Audit" : "Error: Audit" }
  var trail: [Crumb] { card.map { [Crumb($0.label, .overview($0.id))] } ?? [Crumb("Server", .server)] }

  private func route(_ view: AuditView) -> Route { card.map { .audit($0.id, view) } ?? .serverAudit(view) }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "Audit" }
        if form.isGood, !found.entries.isEmpty {
          a(.class("button"), .href(route(view.with(.before, "").asFile))) { "Export as CSV" }
        }
      }
      form.summary
      FilterCard(form: form, isFiltered: view.isFiltered, all: route(.all)).html
      if form.isGood { list }
      notes
    }
  }

  private var list: HTML {
    div(.class("card")) {
      if found.entries.isEmpty {
        div(.class("empty")) {
          strong { found.isStopped ? "None so far" : "There are no such entries" }
          if found.isStopped { p { stopped } }
        }
      } else {
        table
      }
      if view[.before] != "" || found.next != nil { pager }
    }
  }

  private var stopped: String {
    "\(Grouped.text(Int(Self.mostLookedAt))) entries of the server were looked at, and there are older ones."
  }

  private var pager: HTML {
    div(.class("bar")) {
      nav(.class("pager"), .aria("label", "Entries")) {
        if view[.before] != "" { a(.class("button"), .href(route(view.with(.before, "")))) { "Newest" } }
        if let next = found.next {
          a(.class("button"), .href(route(view.with(.before, "\(next)")))) { found.isStopped ? "Go on" : "Older" }
        }
      }
      if found.isStopped, !found.entries.isEmpty { span(.class("hush small")) { stopped } }
    }
  }

  private var table: HTML {
    div(.class("region free"), .role("region"), .aria("label", "Entries"), .tabIndex(0)) {
      Web.table(.class("stacked")) {
        caption(.class("away")) { "Entries of the audit, the newest first" }
        thead {
          tr {
            for head in heads { th(.scope("col")) { head } }
          }
        }
        tbody { for entry in found.entries { row(entry) } }
      }
    }
  }

  private var heads: [String] {
    ["When (UTC)", "Who", "What", "On what", "Outcome", "From"] + (card == nil ? ["Deployment"] : []) + ["Number"]
  }

  private func row(_ entry: AuditEntry) -> HTML {
    let draft = entry.draft
    return tr {
      th(.scope("row"), .class("nowrap")) {
        HTML.time(draft.at)
        if draft.isSum { span(.class("hush small")) { " and the minute from then on" } }
      }
      td(.head("Who"), .directionOfText) { who(draft) }
      td(.head("What"), .class("nowrap")) { AuditText.words(draft.action) }
      td(.head("On what"), .directionOfText) { what(draft) }
      td(.head("Outcome")) { outcome(draft) }
      td(.head("From")) { draft.address }
      if card == nil { td(.head("Deployment"), .directionOfText) { draft.deployment.map { labels[$0] ?? $0 } ?? "" } }
      td(.head("Number"), .class("number")) { HTML.integer(entry.number) }
    }
  }

  @HTMLBuilder
  private func who(_ draft: AuditDraft) -> HTML {
    if let person = draft.person {
      a(.href(route(AuditView([.person: person.text])))) { AuditText.who(draft, names) }
    } else {
      AuditText.who(draft, names)
    }
  }

  @HTMLBuilder
  private func what(_ draft: AuditDraft) -> HTML {
    draft.target
    if let filter = draft.filter { span(.class("hush small")) { " where \(filter)" } }
    if let count = draft.count { span(.class("hush small")) { " × \(Grouped.text(Int(clamping: count)))" } }
    if let reference = draft.reference { span(.class("hush small")) { " (\(reference))" } }
  }

  private func outcome(_ draft: AuditDraft) -> HTML {
    switch draft.outcome {
    case "refused", "failed": span(.class("tag warn")) { draft.outcome }
    default: .text(draft.outcome)
    }
  }

  private var notes: HTML {
    section(.class("stack hush small"), .aria("label", "About the audit")) {
      if anchor.number > 0 {
        p {
          "The audit begins at entry \(Grouped.text(Int(clamping: anchor.number + 1))): older ones were removed, as each is "
            + "after \(Grouped.text(Int(clamping: days), "day")). Of the last of them the hash is kept, so that the rest "
            + "can still be held against it: "
          code { Hex.encode(anchor.hash) }
        }
      }
      p {
        "Each entry carries a hash of itself and the one before. To whoever kept a later hash, "
        code { "sojourn audit verify" }
        " proves that an entry was not altered."
      }
    }
  }
}
