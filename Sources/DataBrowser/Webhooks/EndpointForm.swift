import Web
import Webhooks

/// The question where a webhook sends to.
enum EndpointForm {
  static let act = "act"
  static let url = "url"
  /// State and endpoint when the form was opened.
  static let opened = "opened"

  private static let fields = [
    FormField(act, "", .hidden),
    FormField(opened, "", .hidden, isRequired: false, most: 3000),
    FormField(
      url, "Endpoint", .word,
      hint:
        "An address such as https://erp.example.org/hooks. It must be public, or named in the setting webhook_allow.",
      most: Endpoint.mostBytes),
  ]

  /// As it is, or with another endpoint typed into it.
  static func of(_ status: WebhookStatus, typed: String? = nil) -> Form {
    Form(
      fields,
      values: [act: WebhookAct.enable.rawValue, url: typed ?? status.url ?? "", opened: written(status)])
  }

  /// What the form was made from, to be compared with what is there when it comes.
  static func written(_ status: WebhookStatus) -> String { "\(status.isOn ? "on" : "off") \(status.url ?? "")" }
}

/// What forms of webhooks ask for.
enum WebhookAct: String {
  case enable, disable, reveal, rotate, promote
  /// Of all parked deliveries.
  case resendParked = "resend-parked"
  /// Of one delivery.
  case resend, skip
}

/// A form that asks for one thing, and has nothing but its button.
struct WebhookButton {
  var route: Route
  var ticket: String
  var act: WebhookAct
  var label: String

  var html: HTML {
    form(.method(.post), .action(route)) {
      input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
      button(.type(.submit), .name(EndpointForm.act), .value(act.rawValue)) { label }
    }
  }
}
