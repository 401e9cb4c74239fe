import Web

/// The card over a list that narrows it: closed where nothing is narrowed and nothing wrong.
struct FilterCard {
  let form: Form
  let isFiltered: Bool
  /// The list with all that it has.
  let all: Route

  var html: HTML {
    section(.class("card")) {
      details(.class("inside"), .open(isFiltered || !form.isGood)) {
        summary { "Filter" }
        Web.form(.class("stack"), .role("search"), .method(.get), .action(all)) {
          div(.class("cards")) { form.inputs }
          div(.class("actions")) {
            button(.type(.submit), .class("main")) { "Show these" }
            if isFiltered { a(.class("button"), .href(all)) { "Show all" } }
          }
        }
      }
    }
  }
}
