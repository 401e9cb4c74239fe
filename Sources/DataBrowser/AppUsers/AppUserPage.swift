import Storage
import Web
import Wire

/// One app user with every device: what each has said of itself, when it did what, and what can be done.
struct AppUserPage: Page {
  var place: AppUsersPage.Place
  var record: UserRecord
  /// Nil where the object was deleted.
  var display: String?
  /// Made a moment ago for this session.
  var enrolment: Enrolment?
  var allowsMany: Bool
  /// One for each form: each is done once.
  var ticket: @Sendable () -> String

  private var card: DeploymentCard { place.card }
  private var name: String { display.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } ?? record.id.description }
  private var route: Route { .appUser(card.id, record.id) }

  var title: String { "App user \(CutText.cut(name))" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("App users", .appUsers(card.id))] }
  var showsSecret: Bool { enrolment != nil }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1(.directionOfText) { name }
        span(.class("inline")) { for state in AppUserState.all(of: record) { state.tag } }
      }
      AppUserNotice.html(place)
      if display == nil {
        div(.class("notice")) {
          strong { "The user was deleted" }
          p { "What was known of the devices is kept. Each is to be wiped when it connects next." }
        }
      }
      if let enrolment { EnrolmentHTML.shown(enrolment) }
      div(.class("halves")) {
        facts
        acts
      }
      devices
    }
  }

  private var facts: HTML {
    section(.class("card")) {
      h2 { "The user" }
      div(.class("inside stack")) {
        dl(.class("facts")) {
          dt { "Id" }
          dd { code { HTML.id(record.id) } }
          dt { "Devices" }
          dd { Grouped.text(record.sessions.count) }
          dt { "Last connection" }
          dd { Self.time(record.lastConnectedAt) }
        }
        if display != nil { link("The object", to: .object(card.id, model: place.modelName, record.id)) }
      }
    }
  }

  private var acts: HTML {
    section(.class("card")) {
      h2 { "What can be done" }
      div(.class("inside stack")) {
        if display != nil {
          if !record.isLocked { act(.enrol) }
          act(record.isLocked ? .unlock : .lock)
          if !allowsMany, record.isEnrolled {
            p(.class("hush small")) {
              "A user has one device at a time here: when another one enrols, this one is signed out. The setting "
                + "multiple_devices_per_user says so."
            }
          }
        } else {
          p { "Nothing: the user cannot sign in any more." }
        }
      }
    }
  }

  private func act(_ act: AppUserAct) -> HTML {
    form(.class("stack"), .method(.post), .action(route)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket()))
      p { act.effect }
      div(.class("actions")) {
        button(.type(.submit), .name(AppUserAct.name), .value(act.rawValue)) { act.label }
      }
    }
  }

  // MARK: Devices.

  private var devices: HTML {
    section(.class("stack"), .aria("label", "Devices")) {
      h2 { "Devices" }
      if record.sessions.isEmpty { p { "No device was ever signed in." } }
      div(.class("cards")) {
        for session in record.sessions.reversed() { device(session) }
      }
    }
  }

  private func device(_ session: UserSession) -> HTML {
    let facts = DeviceFacts(session)
    return article(.class("card tile")) {
      h3(.directionOfText) {
        facts.label.flatMap { $0.isEmpty ? nil : $0 } ?? facts.platform ?? "Device"
        " "
        session.state.tag
      }
      dl(.class("facts")) {
        for (name, value) in said(facts) {
          dt { name }
          dd(.directionOfText) { value }
        }
        for (name, time) in times(session) {
          dt { name }
          dd { Self.time(time) }
        }
        dt { "Session" }
        dd { code { HTML.id(session.id) } }
      }
      if session.state == .enrolled, display != nil { signOut(session) }
      if session.state != .reset, session.state != .neverEnrolled {
        a(.href(Route.wipe(card.id, record.id, session: session.id))) { AppUserAct.wipe.label }
      }
    }
  }

  private func said(_ facts: DeviceFacts) -> [(String, String)] {
    [
      ("Platform", facts.platform), ("Version", facts.version), ("App", facts.bundle), ("Runtime", facts.runtime),
      ("Device", facts.device), ("Last full sync", facts.lastFullSync),
    ].map { ($0.0, $0.1 ?? "not known") }
  }

  private func times(_ session: UserSession) -> [(String, Instant?)] {
    [
      ("Made", session.times.createdAt), ("Signed in last", session.times.lastAuthenticatedAt),
      ("Connected last", session.times.lastConnectedAt), ("Signed out last", session.times.signedOutAt),
    ]
  }

  private func signOut(_ session: UserSession) -> HTML {
    form(.class("stack"), .method(.post), .action(route)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket()))
      input(.type(.hidden), .name(AppUserAct.session), .value(session.id.description))
      p(.class("hush small")) { AppUserAct.reauthenticate.effect }
      div(.class("actions")) {
        button(.type(.submit), .name(AppUserAct.name), .value(AppUserAct.reauthenticate.rawValue)) {
          AppUserAct.reauthenticate.label
        }
      }
    }
  }

  private static func time(_ time: Instant?) -> HTML { time.map { HTML.timeWithZone($0) } ?? .text("never") }
}
