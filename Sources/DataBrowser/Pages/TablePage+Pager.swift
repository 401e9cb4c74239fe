import Storage
import Web
import Wire

extension TablePage {
  var pager: HTML {
    div(.class("bar")) {
      p {
        count.text
        if !count.isExact {
          " "
          let pairs = links.form(view, without: []).pairs.map { ($0.key, $0.value) }
          a(.href(LocalAddress(query: pairs + [("count", "long")]))) { "count on" }
        }
      }
      nav(.class("pager"), .aria("label", "Pages")) {
        step("First", view.start == .first ? nil : .first)
        step("Previous", previous)
        step("Next", next)
        step("Last", view.start == .last || next == nil && view.start == .first ? nil : .last)
      }
      div(.class("inline")) {
        sizes
        goToRow
      }
    }
  }

  private func step(_ name: String, _ start: TableView.Start?) -> HTML {
    guard let start else { return span(.class("button small"), .aria("disabled", "true")) { name } }
    return a(.class("button small"), .href(links.table(view.at(start)))) { name }
  }

  private var sizes: HTML {
    span(.class("inline"), .role("group"), .aria("label", "Rows on a page")) {
      span(.class("hush small")) { "Rows:" }
      for size in TableView.sizes {
        if size == view.size {
          strong(.class("small"), .aria("current", "true")) { String(size) }
        } else {
          a(.class("small"), .href(links.table(view.changed { $0.size = size }))) { String(size) }
        }
      }
    }
  }

  private var goToRow: HTML {
    let rows = links.form(view, without: ["row", "after", "before"])
    return form(.class("inline"), .method(.get), .action(rows.action)) {
      HiddenPairs(rows.pairs).html
      Web.label(.for("row"), .class("small hush")) { "Go to row" }
      input(.id("row"), .name("row"), .type(.text), .inputMode("numeric"), .size(7), .autocomplete("off"))
      button(.type(.submit), .class("small")) { "Go" }
    }
  }
}

/// A column's head: what it is, how it is sorted, and the ways to sort and filter by it.
struct HeadCell {
  let page: TablePage
  let head: TablePage.Head

  var html: HTML {
    th(
      .scope("col"), head.isNumber ? .class("number") : .none,
      .when(head.rank == 1, .aria("sort", head.isDescending ? "descending" : "ascending")),
      head.name.map { .data("field", $0) } ?? .none
    ) {
      name
      if let type = head.type { span(.class("type")) { type } }
      tools
    }
  }

  @HTMLBuilder
  private var name: HTML {
    if let sorted = head.sorted {
      a(.href(sorted)) {
        head.label
        if let rank = head.rank {
          (head.isDescending ? Icon.down : Icon.up).html
          span(.class("away")) { head.isDescending ? " descending" : " ascending" }
          if rank > 1 || page.view.sort.count > 1 { span(.class("small")) { String(rank) } }
        }
      }
    } else {
      head.label
    }
  }

  @HTMLBuilder
  private var tools: HTML {
    if head.then != nil || head.filter != nil {
      span(.class("tools")) {
        if let filter = head.filter {
          a(.href(filter), .aria("label", "Filter by \(head.label)")) { "filter" }
        }
        if let then = head.then {
          a(.href(then), .aria("label", "Then sort by \(head.label)")) { "then sort" }
        }
      }
    }
  }
}
