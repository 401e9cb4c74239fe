import Storage
import Web
import Wire

extension Frame {
  /// The whole page.
  package func bytes(around page: some Page) -> ByteBlock {
    let assets = Asset.all
    func asset(_ asset: Asset) -> LocalAddress { Route.assets(hash: assets.hash, file: asset.name).address }
    var attributes: [Attribute] = []
    if let look = person?.manner.look, look != .system { attributes.append(.data("look", look.rawValue)) }
    if person?.manner.hasShortcuts == false { attributes.append(.data("keys", "off")) }
    if let sessionEndsAt { attributes.append(.data("session-ends", sessionEndsAt.description)) }
    let document = Document(
      title: title(of: page), style: asset(.style), icon: asset(.icon), modules: [asset(.main)],
      attributes: attributes)
    let bytes = document.bytes(around: content(of: page))
    return isFormBack ? LinksInNewTabs.rewriting(bytes) : bytes
  }

  private func title(of page: some Page) -> String {
    ([page.title, deployment?.label, "Sojourn"].compactMap { $0 }).joined(separator: " – ")
  }

  @HTMLBuilder
  private func content(of page: some Page) -> HTML {
    a(.class("skip"), .href(LocalAddress(fragment: "main"))) { "Skip to content" }
    if isFormBack { bandOfForm } else { band }
    if let elevatedMinutes {
      div(.class("elevated"), .role("status")) {
        "Elevated for \(CountText.of(max(elevatedMinutes, 1), "more minute"))."
        if let person {
          form(.method(.post), .action(Route.elevate(to: nil))) {
            input(.type(.hidden), .name(PostForm.ticket), .value(person.elevationTicket))
            button(.type(.submit), .class("small"), .name("act"), .value("give-up")) { "End it now" }
          }
        }
      }
    }
    div(shellClass(page.isNarrow)) {
      if hasSide { side }
      mainPart(.id("main"), .class("content"), .tabIndex(-1)) {
        trail(of: page)
        if let notice { html(of: notice) }
        page.body
      }
    }
    foot
    div(.id("status"), .class("status"), .role("status"), .aria("live", "polite"))
    dialogs
  }

  private func html(of notice: Notice) -> HTML {
    div(.class("notice good"), .role("status")) {
      span(.directionOfText) { notice.text }
      if let way = notice.way {
        " "
        link(way.text, to: way.route)
      }
    }
  }

  private func shellClass(_ isNarrow: Bool) -> Attribute {
    if hasSide { return .class("shell sided") }
    return isNarrow ? .class("shell narrow") : .class("shell")
  }

  private var hasSide: Bool { !models.isEmpty && !isFormBack }

  /// Where one is and who one is, with no way to go but signing out.
  private var bandOfForm: HTML {
    header(.class("band")) {
      span(.class("brand")) {
        Icon.road.html
        span { "Sojourn" }
      }
      if let deployment {
        span(.class("home")) {
          span { deployment.label }
          deployment.badge
        }
      }
      if let person {
        details(.class("menu end")) {
          summary { personName(person) }
          div(.class("sheet")) { signOut(person) }
        }
      }
    }
  }

  private var band: HTML {
    header(.class("band")) {
      a(.class("brand"), .href(Route.allDeployments), .aria("label", "Sojourn: deployments")) {
        Icon.road.html
        span { "Sojourn" }
      }
      if let deployment {
        a(.class("home"), .href(Route.overview(deployment.id))) {
          span { deployment.label }
          deployment.badge
        }
        nav(.aria("label", "Deployment")) {
          a(.href(Route.models(deployment.id))) { "Models" }
          a(.href(Route.console(deployment.id, .none))) { "Query" }
          a(.href(Route.views(deployment.id))) { "Views" }
          a(.href(Route.changes(deployment.id))) { "Changes" }
          a(.href(Route.dataModel(deployment.id))) { "Data model" }
          if isSupport { a(.href(Route.appUsers(deployment.id))) { "App users" } }
          if isAdministrator { management(of: deployment.id) }
        }
        jumpBox(in: deployment)
      }
      if let person { menu(of: person) }
    }
  }

  /// What administrators have besides.
  private func management(of deployment: String) -> HTML {
    details(.class("menu")) {
      summary { "Manage" }
      div(.class("sheet")) {
        a(.href(Route.manageAPI(deployment))) { "Manage API" }
        a(.href(Route.webhooks(deployment))) { "Webhooks" }
        a(.href(Route.people(deployment))) { "People" }
        a(.href(Route.settings(deployment))) { "Settings" }
        a(.href(Route.audit(deployment, .all))) { "Audit" }
      }
    }
  }

  private func jumpBox(in deployment: DeploymentCard) -> HTML {
    form(.class("jump"), .role("search"), .method(.get), .action(Route.find(deployment.id, text: ""))) {
      label(.for("jump"), .class("away")) { "Jump to a model, a view, an id or a text" }
      input(
        .id("jump"), .name("q"), .type(.search), .value(jump), .placeholder("Jump to a model, an id, a text"),
        .autocomplete("off"), .spellcheck(false), .maxLength(1000))
      kbd(.aria("hidden", "true")) { "/" }
    }
  }

  private func menu(of person: PersonCard) -> HTML {
    details(deployment == nil ? .class("menu end") : .class("menu")) {
      summary { personName(person) }
      div(.class("sheet")) {
        div {
          div { strong { person.name } }
          div(.class("hush small")) { person.email }
        }
        a(.href(Route.account)) { "Your account" }
        if person.isOperator {
          a(.href(Route.operators())) { "People and deployments" }
          a(.href(Route.server)) { "Server" }
        }
        signOut(person)
      }
    }
  }

  @HTMLBuilder
  private func personName(_ person: PersonCard) -> HTML {
    span(.class("initial"), .aria("hidden", "true")) { Self.initial(of: person.name) }
    span(.class("person-name")) { person.name }
    span(.class("away")) { "Your account" }
  }

  private func signOut(_ person: PersonCard) -> HTML {
    form(.method(.post), .action(Route.signOut)) {
      input(.type(.hidden), .name("ticket"), .value(person.ticket))
      button(.type(.submit)) { "Sign out" }
    }
  }

  private static func initial(of name: String) -> String {
    name.first(where: { $0.isLetter }).map { String($0).uppercased() } ?? "•"
  }

  private var side: HTML {
    nav(.class("side"), .aria("label", "Models")) {
      div {
        h2 { "Models" }
        ul {
          for model in models { li { entry(model) } }
        }
        if let deployment { a(.class("button quiet"), .href(Route.models(deployment.id))) { "All models" } }
      }
    }
  }

  private func entry(_ model: ModelCard) -> HTML {
    a(
      .href(Route.table(deployment?.id ?? "", model: model.name, .none)),
      .when(model.name == current, .aria("current", "true"))
    ) {
      span { model.label }
      if let count = model.count { span(.class("count")) { Grouped.text(count) } }
    }
  }

  @HTMLBuilder
  private func trail(of page: some Page) -> HTML {
    if !page.trail.isEmpty {
      nav(.class("trail"), .aria("label", "You are here")) {
        ol {
          for crumb in page.trail { li { if isFormBack { crumb.text } else { link(crumb.text, to: crumb.route) } } }
        }
      }
    }
  }

  private var foot: HTML {
    footer(.class("foot")) {
      span { "All times are UTC." }
      if !requestID.isEmpty { span { "Request \(requestID)" } }
    }
  }

  @HTMLBuilder
  private var dialogs: HTML {
    if person != nil { HTML.written(Self.keysDialog) }
    if sessionEndsAt != nil {
      dialog(.id("session"), .aria("labelledby", "session-title")) {
        div {
          h2(.id("session-title")) { "Your session ends in two minutes" }
          p { "What you have typed is kept when you sign in again within an hour." }
          button(.type(.button), .class("main")) { "Stay signed in" }
        }
      }
    }
  }

  /// The same on every page.
  private static let keysDialog = WrittenHTML(
    dialog(.id("keys"), .aria("labelledby", "keys-title")) {
      div {
        h2(.id("keys-title")) { "Keys" }
        dl(.class("keys")) {
          for (key, act) in keys {
            dt { kbd { key } }
            dd { act }
          }
        }
        button(.type(.button), .data("close", "")) { "Close" }
      }
    })

  private static let keys = [
    ("/", "Go to the jump box"), ("j", "Next row"), ("k", "Previous row"), ("Enter", "Open the row"),
    ("e", "Edit the object"), ("n", "New object"), ("Ctrl S", "Save the form"),
    ("?", "This list"),
  ]
}
