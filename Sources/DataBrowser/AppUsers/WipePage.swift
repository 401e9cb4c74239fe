import Storage
import Web
import Wire

/// Asks whether a device is to be wiped, by the user's display.
struct WipePage: Page {
  var place: AppUsersPage.Place
  var user: ObjectID
  var session: UserSession
  /// What must be typed.
  var name: String
  var typed = ""
  var fault: String?
  var ticket: String

  private var card: DeploymentCard { place.card }
  var title: String { fault == nil ? "Wipe a device" : "Error: wipe a device" }
  var trail: [Crumb] {
    [
      Crumb(card.label, .overview(card.id)), Crumb("App users", .appUsers(card.id)),
      Crumb(CutText.cut(name), .appUser(card.id, user)),
    ]
  }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Wipe a device" } }
      if let fault { Form.summary(of: fault, at: Form.id(AppUserAct.display)) }
      section(.class("card")) {
        h2(.directionOfText) { "A device of \(CutText.cut(name))" }
        div(.class("inside stack")) {
          p(.directionOfText) { DeviceFacts(session).words }
          p { AppUserAct.wipe.effect }
          Web.form(.class("stack"), .method(.post), .action(Route.wipe(card.id, user, session: session.id))) {
            input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
            field
            div(.class("actions")) {
              button(.type(.submit)) { AppUserAct.wipe.label }
              a(.class("button"), .href(Route.appUser(card.id, user))) { "Leave it as it is" }
            }
          }
        }
      }
    }
  }

  private var field: HTML {
    let id = Form.id(AppUserAct.display)
    return div(.class("field")) {
      label(.for(id)) {
        "Type the user’s display: "
        bdi { name }
      }
      input(
        .id(id), .name(AppUserAct.display), .type(.text), .value(typed), .autocomplete("off"), .spellcheck(false),
        .when(fault != nil, .aria("invalid", "true")), .when(fault != nil, .aria("describedby", "\(id)-fault")))
      if let fault { span(.class("wrong"), .id("\(id)-fault")) { fault } }
    }
  }
}
