import Storage
import Web
import Wire

/// Asks whether an object is to be as it was: what that would change, field by field, and what would not come back.
struct RestorePage: Page {
  /// Why a form that was sent comes back.
  enum Message: Sendable {
    /// Its session had ended.
    case held
    /// Somebody wrote to the object meanwhile.
    case changed
    case deleted
    /// It was gone when the page was opened.
    case thereAgain
    /// Other fields than the page had said would come back: the data model was changed, or a file went.
    case otherwise
    /// Others wrote to it each time.
    case contended
  }

  var card: DeploymentCard
  var label: String
  var link: ObjectLink
  /// Labels by position.
  var fields: [String]
  /// The state that comes back, and behind it the present one, where the object is there.
  var states: [ShownState]
  var restoration: Restoration
  /// What its form sends back of what it shows.
  var form: RestoreForm
  /// Where its form goes, and where one goes back to.
  var route: Route
  var back: Route
  var ticket: String
  /// Under which the form was kept, where it was.
  var held: String?
  /// Whether the object is an app user.
  var isUser: Bool
  var message: Message?

  private var then: ShownState { states[0] }
  private var now: ShownState? { states.count > 1 ? states[1] : nil }
  private var name: String { link.display.trimmed.nonEmpty ?? "no display" }
  private var isPossible: Bool { now == nil || !restoration.changes.isEmpty }

  var title: String { "\(isFault ? "Error: " : "")Restore \(CutText.cut(name)) – \(label)" }
  private var isFault: Bool {
    switch message {
    case nil, .held: false
    default: true
    }
  }

  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb(label, .table(card.id, model: link.model, .none)),
      Crumb("History of \(CutText.cut(name))", .history(card.id, model: link.model, link.id)),
    ]
  }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        div {
          h1(.directionOfText) { "Restore \(name)?" }
          p(.class("hush small")) { source }
        }
      }
      if let message { notice(message) }
      Web.section(.class("card")) {
        h2 { now == nil ? "It comes back with these values" : "What changes" }
        if restoration.changes.isEmpty { nothing } else { table }
      }
      if !restoration.left.isEmpty { leftOver }
      consequences
      question
    }
  }

  private var source: HTML {
    fragment {
      then.operation == .delete ? "As it was before it was deleted " : "As it was after it was \(then.way.word) "
      HTML.timeWithZone(then.time)
      if let who = then.who {
        " by "
        span(.directionOfText) { who }
      }
      ", sequence \(then.sequence)"
    }
  }

  private func notice(_ message: Message) -> HTML {
    div(.class(isFault ? "notice bad" : "notice"), .role("alert"), .tabIndex(-1), .autofocus()) {
      switch message {
      case .held:
        strong { "Your form was kept" }
        p {
          "Your session had ended when you sent it. Nothing was restored. Look at what would change now, then send it."
        }
      case .changed:
        strong { "Changed by somebody else meanwhile" }
        p {
          "Nothing was restored. It was changed"
          if let now { since(now) }
          ". What restoring would change of it now stands below."
        }
      case .deleted:
        strong { "Deleted meanwhile" }
        p { "Nothing was restored. Restoring would make the object again, under its id, with the values below." }
      case .thereAgain:
        strong { "There is an object with this id again" }
        p {
          "Nothing was restored. It was written"
          if let now { since(now) }
          ". "
          a(.href(Route.object(card.id, model: link.model, link.id)), .inNewTab) { "Look at it" }
          " (in a new tab). What restoring would change of it stands below."
        }
      case .otherwise:
        strong { "Something else would come back now" }
        p {
          "Nothing was restored. The data model was changed since you opened this page, or a file of the object is not "
            + "there any more. What would change now stands below."
        }
      case .contended:
        strong { "Changed by others again and again" }
        p { "Nothing was restored: each time somebody else was faster. Send it again." }
      }
    }
  }

  private func since(_ state: ShownState) -> HTML {
    fragment {
      " "
      HTML.timeWithZone(state.time)
      if let who = state.who {
        " by "
        span(.directionOfText) { who }
      }
    }
  }

  private var nothing: HTML {
    div(.class("empty")) {
      strong { now == nil ? "No field had a value" : "Nothing would change" }
      p {
        if now == nil {
          "The object comes back empty."
        } else if restoration.left.isEmpty {
          "The object is as it was then."
        } else {
          "But for what stands below, the object is as it was then."
        }
      }
    }
  }

  private var table: HTML {
    let words = now == nil ? "Values that come back" : "Fields that change"
    return div(.class("region free"), .role("region"), .aria("label", words), .tabIndex(0)) {
      Web.table {
        caption(.class("away")) { words }
        thead {
          tr { for head in now == nil ? ["Field", "Value"] : ["Field", "Now", "Then"] { th(.scope("col")) { head } } }
        }
        tbody {
          for change in restoration.changes {
            tr {
              th(.scope("row")) { fields[change.position] }
              if let now { td { now.values[change.position].cell } }
              td { then.values[change.position].cell }
            }
          }
        }
      }
    }
  }

  private var leftOver: HTML {
    Web.section(.class("card")) {
      h2 { "What does not come back" }
      ul(.class("inside")) {
        for one in restoration.left {
          li {
            strong { one.label }
            ": "
            reason(one)
          }
        }
      }
    }
  }

  private func reason(_ left: Restoration.Left) -> HTML {
    fragment {
      switch left.reason {
      case .otherType(let type):
        "it had the type \(type) then, and has another one now. It \(now == nil ? "stays empty" : "stays as it is"). It was "
        if let position = left.position { then.values[position].cell }
      case .removed(let type): "the data model has no such field any more. It had the type \(type)."
      case .fileGone:
        "the file is not on the server any more. The field \(now == nil ? "stays empty" : "stays as it is")."
      }
    }
  }

  @HTMLBuilder
  private var consequences: HTML {
    if isPossible {
      if isUser, now == nil {
        p {
          "This is an app user. They come back locked, and none of their devices comes back: somebody with the role "
            + "support unlocks them and lets them enrol again."
        }
      }
      p(.class("hush small")) {
        "Restoring is a change like any other: webhooks fire, and it stands in the history, from which it can be taken back."
      }
    }
  }

  private var question: HTML {
    Web.form(.class("stack"), .method(.post), .action(route)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      if let held { input(.type(.hidden), .name(PostForm.held), .value(held)) }
      for pair in form.pairs { input(.type(.hidden), .name(pair.key), .value(pair.value)) }
      input(.type(.hidden), .name(RestoreForm.from), .value(back.address.text))
      div(.class("actions")) {
        if isPossible {
          button(.type(.submit), .class("main"), .name(RestoreForm.act), .value("restore")) {
            "Restore \(CutText.cut(name))"
          }
        }
        button(.type(.submit), .name(RestoreForm.act), .value(RestoreForm.cancel)) { isPossible ? "Cancel" : "Back" }
      }
    }
  }
}
