import Objects
import Storage
import Web
import Wire

/// The form of a view that is to be kept by a name, or is kept already.
struct ViewFormPage: Page {
  enum Act: String { case save, delete, cancel }

  /// A view that is kept already.
  struct Kept: Sendable {
    var view: NamedView
    /// Whose it is; nil where it is the reader's own.
    var owner: String?
    /// Nil where it cannot be opened.
    var route: Route?
  }

  var card: DeploymentCard
  var label: String
  var action: Route
  var ticket: String
  /// What a new one shows.
  var pairs: [ViewText.Pair] = []
  var content: ViewContent
  var questions: ViewForm
  /// Nil for a new one.
  var kept: Kept?

  static let revision = "revision"

  private var heading: String { kept.map { "View “\($0.view.name)”" } ?? "Keep this view of \(label)" }
  var title: String { (questions.form.isGood ? "" : "Error: ") + heading }
  var isNarrow: Bool { true }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Views", .views(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1(.directionOfText) { heading } }
      questions.form.summary
      section(.class("card")) {
        h2 { "What it shows" }
        div(.class("inside stack")) {
          content.html(of: label)
          if let kept { origin(of: kept) }
        }
      }
      section(.class("card"), .aria("label", "How it is kept")) {
        form(.class("inside stack"), .method(.post), .action(action)) {
          start
          questions.form.inputs
          div(.class("actions")) {
            button(.type(.submit), .name("do"), .value(Act.save.rawValue), .class("main")) {
              kept == nil ? "Keep the view" : "Save"
            }
            button(.type(.submit), .name("do"), .value(Act.cancel.rawValue)) { "Cancel" }
          }
        }
      }
      if kept != nil, questions.rights.changes { deleting }
    }
  }

  private var start: HTML {
    fragment {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      if let kept { input(.type(.hidden), .name(Self.revision), .value("\(kept.view.revision)")) }
      HiddenPairs(pairs).html
    }
  }

  private func origin(of kept: Kept) -> HTML {
    p(.class("hush small")) {
      span(.directionOfText) { kept.owner.map { "Shared by \($0)." } ?? "Kept by you." }
      " Changed "
      HTML.timeWithZone(kept.view.changedAt)
      "."
    }
  }

  private var deleting: HTML {
    section(.class("card")) {
      h2 { "Delete the view" }
      form(.class("inside stack"), .method(.post), .action(action)) {
        start
        p { "The view goes, for everybody. Objects stay as they are." }
        div(.class("actions")) {
          button(.type(.submit), .name("do"), .value(Act.delete.rawValue)) { "Delete this view" }
        }
      }
    }
  }
}

/// What a view shows, in words.
struct ViewContent: Sendable {
  /// Of its filters; nil where they do not fit the data model.
  var filters: [String]?
  var sort: [String]
  var columns: [String]

  func html(of label: String) -> HTML {
    dl(.class("facts")) {
      dt { "Model" }
      dd { label }
      dt { "Filters" }
      dd {
        if let filters {
          if filters.isEmpty { "none: all objects" }
          ul { for filter in filters { li(.directionOfText) { filter } } }
        } else {
          "They do not fit the data model any more."
        }
      }
      if !sort.isEmpty {
        dt { "Sort" }
        dd(.directionOfText) { sort.joined(separator: ", ") }
      }
      if !columns.isEmpty {
        dt { "Columns" }
        dd(.directionOfText) { columns.joined(separator: ", ") }
      }
    }
  }
}

extension PageRead {
  /// A view in words.
  func content(of view: TableView, _ links: ViewLinks, on model: ModelView) throws -> ViewContent {
    let fits = (try? TablePlan(view, on: model)) != nil
    return ViewContent(
      filters: fits ? try chips(view, links, FilterFields(of: model)).map(\.text) : nil,
      sort: view.sort.map { $0.isDescending ? "\($0.name), descending" : $0.name }, columns: view.columns ?? [])
  }
}
