import Storage
import Web
import Wire

/// Objects of a model: filtered, sorted, page by page.
package struct TablePage: Page {
  package struct Head: Sendable {
    package var label: String
    /// Nil for the display.
    package var type: String?
    /// Of the field, where a module looks for it; nil for the display.
    package var name: String?
    package var isNumber = false
    /// The rank among the sort keys, from 1.
    package var rank: Int?
    package var isDescending = false
    /// The view sorted by this column, or turned round; nil where it cannot be.
    package var sorted: Route?
    /// The view with this column as a further key.
    package var then: Route?
    package var filter: Route?
  }

  /// The name by which what it shows is kept.
  package struct NamedCard: Sendable {
    package var number: Int64
    package var name: String
    package var note: String
    /// Who shares it; nil for one's own.
    package var owner: String?
  }

  package var card: DeploymentCard
  package var links: ViewLinks
  package var label: String
  /// With its sort keys written out.
  package var view: TableView
  /// Whether the sort is the page's own choice, which another filter changes.
  package var isSortUsual: Bool
  package var heads: [Head]
  package var rows: WrittenHTML
  package var rowCount: Int
  package var count: BoundedCount
  package var chips: [Chip]
  package var previous: TableView.Start?
  package var next: TableView.Start?
  package var curl: String?
  /// Of this view, in full.
  package var address: String
  /// Whether the visitor may make and change objects.
  package var isEditable = false
  package var named: NamedCard?
  /// Whether the filter is kept for a while only, since no address has room for it.
  package var isKeptForNow = false
  /// What reading the rows has cost, where that was asked for and the store counts it.
  package var cost: ReadCost?

  package var title: String { named.map { "\($0.name) – \(label)" } ?? label }
  package var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Models", .models(card.id))] }

  /// From the first page on, and sorted as the reader chose: for links that change what is filtered.
  private var base: TableView { view.changed { if isSortUsual { $0.sort = [] } } }

  private var isEmptyModel: Bool { !view.isFiltered && count == .exact(0) }

  package var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 {
          if let named {
            span(.directionOfText) { named.name }
            " – "
          }
          label
        }
        div(.class("actions")) {
          if let named {
            a(.class("button"), .href(ViewLinks.allObjects(card.id, links.model))) { "All objects" }
            a(.class("button"), .href(Route.editView(card.id, named.number))) { "Change view" }
          }
          a(.class("button"), .href(Route.about(card.id, model: links.model))) { "About" }
        }
      }
      if let named { note(of: named) }
      Web.section(.class("card"), .aria("label", label)) {
        toolBar
        if !chips.isEmpty { chipList }
        if isKeptForNow { p(.class("bar hush small")) { Self.keptNote } }
        if rowCount == 0 { nothing } else { region }
        if !isEmptyModel { pager }
      }
      apiCall
    }
  }

  private static let keptNote =
    "The filter is too long for an address and is kept under a number, for you alone, until 30 days after you last "
    + "opened it."

  @HTMLBuilder
  private func note(of named: NamedCard) -> HTML {
    if !named.note.isEmpty || named.owner != nil {
      p(.class("hush"), .directionOfText) {
        [named.note.nonEmpty, named.owner.map { "Shared by \($0)." }].compactMap { $0 }.joined(separator: " ")
      }
    }
  }

  private var toolBar: HTML {
    let search = links.form(base, without: ["search"])
    return div(.class("bar")) {
      form(.class("search"), .role("search"), .method(.get), .action(search.action)) {
        Web.label(.for("search"), .class("away")) { "Search in \(label)" }
        input(
          .id("search"), .name("search"), .type(.search), .value(view.search), .placeholder("Search in \(label)"),
          .autocomplete("off"), .spellcheck(false), .maxLength(1000))
        HiddenPairs(search.pairs).html
        button(.type(.submit)) { "Search" }
      }
      div(.class("actions")) {
        if isEditable {
          a(.class("button"), .href(Route.new(card.id, model: links.model)), .data("key", "n")) { "New" }
        }
        a(.class("button"), .href(links.filter(base))) { "Filter" }
        a(.class("button"), .href(links.columns(base))) { "Columns" }
        a(.class("button"), .href(links.export(base))) { "Export" }
        if named == nil { a(.class("button"), .href(links.keep(base))) { "Keep" } }
        a(.class("button"), .href(Route.changes(card.id, ListFilter([.model: links.model])))) { "Changes" }
        if isEditable { a(.class("button"), .href(Route.deleted(card.id, model: links.model))) { "Deleted" } }
      }
    }
  }

  private var chipList: HTML {
    div(.class("bar")) {
      ul(.class("chips"), .aria("label", "Filters in force")) {
        for chip in chips {
          li(.class("chip")) {
            span(.directionOfText) { chip.text }
            if let without = chip.without {
              a(.href(without), .aria("label", "Remove: \(chip.text)")) { "×" }
            } else {
              a(.href(links.filter(base)), .aria("label", "Change: \(chip.text)")) { "…" }
            }
          }
        }
        if chips.count > 1 { li { link("Remove all", to: links.table(unfiltered)) } }
      }
    }
  }

  private var unfiltered: TableView {
    base.changed {
      $0.filters = []
      $0.expression = ""
      $0.arguments = ""
      $0.search = ""
    }
  }

  private var nothing: HTML {
    div(.class("empty")) {
      if isEmptyModel {
        strong { "\(label) has no objects yet" }
        p { "The first one can come from an app, or by a call of the API." }
      } else if view.start == .first || !view.isFiltered && count == .exact(0) {
        strong { "No object fits" }
        p { "Each filter above can be removed." }
        link("Show all of \(label)", to: links.table(unfiltered))
      } else {
        strong { "There is nothing further here" }
        link("First page", to: links.table(view.at(.first)))
      }
    }
  }

  /// The table itself.
  var region: HTML {
    div(.class("region"), .role("region"), .aria("labelledby", "table-caption"), .tabIndex(0)) {
      Web.table(.class("data")) {
        caption(.id("table-caption"), .class("away")) { "\(label), \(count.text)" }
        thead { tr { for head in heads { HeadCell(page: self, head: head).html } } }
        tbody { HTML.written(rows) }
      }
    }
  }

  private var apiCall: HTML {
    details {
      summary { "As API call" }
      div(.class("stack")) {
        div(.class("actions")) {
          button(.type(.button), .class("small"), .data("copy", address), .hidden) { "Copy the address of this view" }
          if !view.expression.isEmpty {
            button(.type(.button), .class("small"), .data("copy", view.expression), .hidden) { "Copy the expression" }
          }
        }
        if let curl {
          CodeBlock(id: "curl", text: curl, isWrapped: true).html
          CurlText.credentials
        } else {
          p {
            "The API has no single call for this view: a list takes filters, an expression or a search, and not two of them."
          }
        }
      }
    }
  }
}

/// Parts of an address that a GET form must repeat.
struct HiddenPairs {
  let pairs: [ViewText.Pair]

  init(_ pairs: [ViewText.Pair]) { self.pairs = pairs }

  var html: HTML { .all(pairs.map { input(.type(.hidden), .name($0.key), .value($0.value)) }) }
}
