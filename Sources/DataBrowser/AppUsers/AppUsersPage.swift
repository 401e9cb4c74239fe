import Storage
import Web
import Wire

/// The app users of a deployment: how each is, with which devices, and when these connected last.
struct AppUsersPage: Page {
  struct Entry: Sendable {
    var record: UserRecord
    var display: String
  }

  /// What the page needs of the deployment.
  struct Place: Sendable {
    var card: DeploymentCard
    /// The name that the setting `app_user` says; whether the data model has it.
    var modelName: String
    var hasModel = true
    /// Whether devices are refused by the setting `device_access`.
    var refusesDevices: Bool
  }

  static let limit = 50

  var place: Place
  /// All there are.
  var total: Int
  var entries: [Entry]
  var view: ListFilter<AppUsersKey>
  var form: Form
  var previous: ListFilter<AppUsersKey>?
  var next: ListFilter<AppUsersKey>?
  /// Whether reading stopped before the page was full.
  var isStopped = false
  /// Why no cards were made.
  var fault: String?
  var ticket: String

  private var card: DeploymentCard { place.card }
  var title: String { form.isGood && fault == nil ? "App users" : "Error: app users" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 { "App users" }
        if place.hasModel { span(.class("hush")) { Grouped.text(total, "user") } }
      }
      form.summary
      if let fault { Form.summary(of: fault, at: "list") }
      AppUserNotice.html(place)
      if place.hasModel {
        FilterCard(form: form, isFiltered: view.isFiltered, all: route(.all)).html
        if form.isGood { list }
      }
    }
  }

  private func route(_ view: ListFilter<AppUsersKey>) -> Route { .appUsers(card.id, view) }

  private var list: HTML {
    div(.class("card"), .id("list"), .tabIndex(-1)) {
      if entries.isEmpty {
        div(.class("empty")) {
          strong {
            isStopped ? "None so far" : view.isFiltered ? "There are no such users" : "There are no app users yet"
          }
          if !view.isFiltered { link("Create one", to: .table(card.id, model: place.modelName, .none)) }
        }
      } else {
        Web.form(.method(.post), .action(Route.enrolmentCards(card.id))) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          table
          enrolling
        }
      }
      if previous != nil || next != nil || isStopped { pager }
    }
  }

  private var enrolling: HTML {
    div(.class("bar")) {
      p(.class("small")) {
        "Enrolment cards have a link and a QR code for each user, good once, to be printed. Whoever has a card signs a "
          + "device in."
      }
      div(.class("actions")) {
        button(.type(.submit), .name(AppUserAct.name), .value(AppUserAct.cards.rawValue)) {
          "Make cards for those ticked"
        }
      }
    }
  }

  private var pager: HTML {
    div(.class("bar")) {
      nav(.class("pager"), .aria("label", "Users")) {
        if view[.after] != "" || view[.before] != "" {
          a(.class("button"), .href(route(view.atBeginning))) { "First" }
        }
        if let previous { a(.class("button"), .href(route(previous))) { "Previous" } }
        if let next { a(.class("button"), .href(route(next))) { isStopped ? "Go on" : "Next" } }
      }
      if isStopped {
        span(.class("hush small")) {
          "\(Grouped.text(AppUserReading.mostLookedAt)) users were looked at, and there are more."
        }
      }
    }
  }

  private var table: HTML {
    div(.class("region free"), .role("region"), .aria("label", "App users"), .tabIndex(0)) {
      Web.table(.class("stacked")) {
        caption(.class("away")) { "App users, in the order in which they were created" }
        thead {
          tr {
            for head in ["Card", "User", "State", "Devices", "Last connection (UTC)"] { th(.scope("col")) { head } }
          }
        }
        tbody { for entry in entries { row(entry) } }
      }
    }
  }

  private func row(_ entry: Entry) -> HTML {
    let user = entry.record
    return tr {
      td {
        input(
          .type(.checkbox), .name(AppUserAct.user), .value(user.id.description),
          .aria("label", "Card for \(entry.display.isEmpty ? user.id.description : CutText.cut(entry.display))"))
      }
      th(.scope("row"), .directionOfText) {
        a(.href(Route.appUser(card.id, user.id))) {
          ObjectLink(model: place.modelName, id: user.id, display: entry.display).html
        }
      }
      td(.head("State")) { span(.class("inline")) { for state in AppUserState.all(of: user) { state.tag } } }
      td(.head("Devices"), .directionOfText) { devices(of: user) }
      td(.head("Last (UTC)"), .class("nowrap")) {
        if let time = user.lastConnectedAt { HTML.time(time) } else { span(.class("hush")) { "never" } }
      }
    }
  }

  /// Devices that are named in a row.
  private static let mostDevices = 3

  @HTMLBuilder
  private func devices(of user: UserRecord) -> HTML {
    if user.sessions.isEmpty {
      span(.class("hush")) { "none" }
    } else {
      "\(Grouped.text(user.sessions.count { $0.state == .enrolled })) of \(Grouped.text(user.sessions.count)) enrolled"
      for session in user.sessions.suffix(Self.mostDevices) {
        div(.class("hush small")) { CutText.cut(DeviceFacts(session).words, to: 120) }
      }
    }
  }
}

extension ListFilter<AppUsersKey> {
  var atBeginning: ListFilter { with(.after, "").with(.before, "") }
}

/// What keeps devices out, wherever app users are shown.
enum AppUserNotice {
  @HTMLBuilder
  static func html(_ place: AppUsersPage.Place) -> HTML {
    if !place.hasModel {
      div(.class("notice warn")) {
        strong { "There is no app-user model" }
        p { "The setting app_user names “\(place.modelName)”, and there is no such model here." }
      }
    } else if place.refusesDevices {
      div(.class("notice warn")) {
        strong { "Devices are refused" }
        p {
          "The setting device_access is “none”: devices can be enrolled, and every call of theirs is refused. An "
            + "administrator sets it to “read” or “all”."
        }
      }
    }
  }
}
