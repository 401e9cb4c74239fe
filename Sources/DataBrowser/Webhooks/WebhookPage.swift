import Crypto
import Deployments
import Web
import Webhooks
import Wire

/// A webhook: where it sends, how its requests are signed, and what they hold.
struct WebhookPage: Page {
  /// The secrets that were drawn or revealed a moment ago for this session, so far as they are still good.
  struct Shown: Sendable {
    var current: String?
    var next: String?
  }

  var card: DeploymentCard
  var status: WebhookStatus
  var conditions: Conditions
  var success: TrySuccess
  var form: Form
  var verdict: EndpointVerdict?
  var shown: Shown
  /// Where it was enabled once.
  var publicKey: String?
  var keyAddress: String
  var sample: Sample
  var now: Instant
  /// One for each form: each is done once.
  var ticket: @Sendable () -> String

  /// What must be set for it to fire, and what is put into its body.
  struct Conditions: Sendable {
    var required: [String] = []
    var embedded: [String] = []
  }

  /// The body for an object of one's choice.
  struct Sample: Sendable {
    /// As it was typed.
    var object = ""
    var fault: String?
    var body: String?
    /// Of the whole body, where it is longer than what is shown.
    var bytes: Int?
    var hasPasswords = false
  }

  var title: String { form.isGood ? "Webhook \(status.name)" : "Error: webhook \(status.name)" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Webhooks", .webhooks(card.id))] }
  var showsSecret: Bool { shown.current != nil || shown.next != nil }

  private var route: Route { .webhook(card.id, name: status.name) }

  var body: HTML {
    fragment {
      div(.class("heading")) {
        h1 {
          "Webhook \(status.name) "
          status.tag
        }
        if status.condition != .new {
          a(.class("button"), .href(Route.deliveries(card.id, name: status.name))) { "Deliveries" }
        }
      }
      form.summary
      if let current = shown.current { CredentialHTML.once(current, "The secret", isKept: true) }
      if let next = shown.next { CredentialHTML.once(next, "The next secret", id: "next-secret", isKept: true) }
      div(.class("halves")) {
        div(.class("stack")) {
          facts
          if status.isDeclared || status.condition != .new { endpoint }
        }
        div(.class("stack")) { signing }
      }
      if status.isDeclared { bodyCard }
    }
  }

  private var facts: HTML {
    section(.class("card")) {
      h2 { "How it is" }
      div(.class("inside")) {
        dl(.class("facts")) {
          dt { "Fires" }
          dd { status.firing ?? "not any more: the data model does not declare it" }
          dt { "When these are set" }
          dd { conditions.required.isEmpty ? "nothing is required" : conditions.required.joined(separator: ", ") }
          dt { "Puts into the body" }
          dd { conditions.embedded.isEmpty ? "no related objects" : conditions.embedded.joined(separator: ", ") }
          dt { "Behind by" }
          dd { status.backlog(at: now) }
          dt { "Parked" }
          dd { Grouped.text(status.parked, "delivery", "deliveries") }
          dt { "Successful tries" }
          dd { success.html }
          if let since = status.suspendedSince {
            dt { "Suspended since" }
            dd {
              HTML.timeWithZone(Instant(clampingMilliseconds: since))
              ", after \(WebhookCursor.failuresUntilSuspension) failures in a row. It tries once a minute; nothing is "
                + "lost."
            }
          }
        }
      }
    }
  }

  private var endpoint: HTML {
    section(.class("card")) {
      h2 { "Endpoint" }
      div(.class("inside stack")) {
        verdictHTML
        if status.isDeclared {
          form.html(
            to: route.address, ticket: ticket(),
            submit: status.isOn ? "Save this endpoint" : "Switch it on")
          if form.fault(of: EndpointForm.url)?.contains(DeploymentSetting.webhookAllow.rawValue) == true { settings }
        } else {
          p { "It can be switched on again when the data model declares it." }
        }
        if status.isOn || status.condition == .undeclared {
          p(.class("hush small")) {
            "Switched off it sends nothing. What is saved meanwhile waits, and is sent when it is switched on again."
          }
          WebhookButton(route: route, ticket: ticket(), act: .disable, label: "Switch it off").html
        }
      }
    }
  }

  /// Who manages webhooks may open the settings too. What was typed stays where it is.
  private var settings: HTML {
    p(.class("small")) {
      a(.href(Route.settings(card.id, .change(.webhookAllow))), .inNewTab) { "Settings" }
      ": the exceptions are named in \(DeploymentSetting.webhookAllow.rawValue)."
    }
  }

  @HTMLBuilder
  private var verdictHTML: HTML {
    switch verdict {
    case .permitted(let addresses):
      p(.class("small")) {
        "The endpoint’s host is \(addresses.prefix(3).map(\.description).joined(separator: ", ")) now, which may be "
          + "reached."
      }
    case .refused(let why):
      div(.class("notice warn")) {
        strong { "The endpoint is refused" }
        p { "As it is now, \(why). Every delivery fails until then." }
        settings
      }
    case .notFound(let why):
      div(.class("notice warn")) {
        strong { "The endpoint’s host is not found" }
        p { "As it is now, \(why). Every delivery fails until then." }
      }
    case nil: HTML.nothing
    }
  }

  // MARK: Signatures.

  private var signing: HTML {
    section(.class("card")) {
      h2 { "Signatures" }
      div(.class("inside stack")) {
        if status.condition == .new {
          p { "A secret and a key are made when it is switched on." }
        } else {
          secrets
          if let publicKey { keyHTML(publicKey) }
        }
      }
    }
  }

  @HTMLBuilder
  private var secrets: HTML {
    p {
      "Receivers hold the header "
      code { DeliveryHeaders.signature }
      " against the secret."
    }
    if let made = status.nextSecretMadeAt {
      p {
        "There is a next secret, made "
        HTML.timeWithZone(made)
        ". Requests are signed with both; 24 hours after it was made, the next one alone is good."
      }
      WebhookButton(route: route, ticket: ticket(), act: .promote, label: "Use the next secret alone").html
      p(.class("hush small")) { "Receivers that do not have the next secret refuse every request from then on." }
    } else {
      p(.class("hush small")) {
        "A rotation makes a next secret. Requests are signed with both, until the next one is promoted or 24 hours have "
          + "passed."
      }
    }
    div(.class("actions")) {
      WebhookButton(route: route, ticket: ticket(), act: .reveal, label: "Reveal the secret").html
      WebhookButton(
        route: route, ticket: ticket(), act: .rotate,
        label: status.hasNextSecret ? "Make another next secret" : "Make the next secret"
      ).html
    }
  }

  private func keyHTML(_ key: String) -> HTML {
    details {
      summary { "Public key of the deployment" }
      div(.class("stack")) {
        p {
          "For the header "
          code { DeliveryHeaders.rsaSignature }
          ". It is served at "
          if let address = WebAddress(keyAddress) {
            a(.href(address), .rel("noopener"), .inNewTab) { keyAddress }
          } else {
            keyAddress
          }
          "."
        }
        CodeBlock(id: "public-key", text: key).html
      }
    }
  }

  // MARK: The body.

  private var bodyCard: HTML {
    section(.class("card")) {
      h2 { "What it sends" }
      div(.class("inside stack")) {
        Web.form(.class("stack"), .method(.get), .action(route)) {
          div(.class("field")) {
            label(.for("object")) { "Id of a \(status.model ?? "") object" }
            input(
              .id("object"), .name("object"), .type(.text), .value(sample.object), .spellcheck(false),
              .autocomplete("off"), .maxLength(100), .when(sample.fault != nil, .aria("invalid", "true")),
              .when(sample.fault != nil, .aria("describedby", "object-fault")))
            if let fault = sample.fault { span(.class("wrong"), .id("object-fault")) { fault } }
          }
          div(.class("actions")) {
            button(.type(.submit)) { "Show the body" }
            if let model = status.model { link("Objects to choose from", to: .table(card.id, model: model, .none)) }
          }
        }
        if let body = sample.body { shownBody(body) }
      }
    }
  }

  @HTMLBuilder
  private func shownBody(_ body: String) -> HTML {
    p {
      "The body of the request for the last change of this object, with related objects as they are now. Nothing is "
        + "sent."
      if sample.hasPasswords { " Password fields are null here; a request has their values." }
    }
    CodeBlock(id: "body", text: body, isWrapped: true).html
    if let bytes = sample.bytes { p(.class("hush small")) { "The beginning of \(Grouped.text(bytes, "byte"))." } }
  }
}
