import Deployments
import Web
import Wire

/// All settings of a deployment: what holds, what would without them, what they mean, and who set them.
struct SettingsPage: Page {
  var card: DeploymentCard
  var settings: [SettingCard]

  var title: String { "Settings" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Settings" } }
      div(.class("card")) {
        div(.class("region free"), .role("region"), .aria("label", "Settings"), .tabIndex(0)) {
          Web.table(.class("stacked")) {
            caption(.class("away")) { "Settings of the deployment" }
            thead {
              tr {
                for head in ["Setting", "Value", "Default", "Set by", "Meaning and limits"] {
                  th(.scope("col")) { head }
                }
              }
            }
            tbody { for setting in settings { row(setting) } }
          }
        }
      }
      p(.class("hush small")) {
        "The same settings are changed on the server by "
        code { "sojourn deployment set" }
        ". What holds for the whole server stands in its configuration, and operators see it on the page of the server."
      }
    }
  }

  private func row(_ card: SettingCard) -> HTML {
    tr {
      th(.scope("row")) { link(card.name, to: .settings(self.card.id, .change(card.setting))) }
      td(.head("Value")) {
        card.inForce
        if card.value == nil { span(.class("hush small")) { " default" } }
      }
      td(.head("Default")) { card.standard }
      td(.head("Set by")) { card.maker }
      td(.head("Meaning")) {
        card.setting.summary
        span(.class("hush small")) { " Takes \(card.setting.kind)." }
      }
    }
  }
}

/// A setting with the form that changes it.
struct SettingPage: Page {
  /// What a form asks for.
  enum Act: String { case set, unset }

  /// What was set when the form was opened; nil where nothing was.
  struct Conflict: Sendable { var opened: String? }

  var card: DeploymentCard
  var setting: SettingCard
  var form: Form
  /// Nil where nobody has set it since the form was opened.
  var conflict: Conflict?
  var ticket: String

  var title: String { form.isGood ? "Setting \(setting.name)" : "Error: setting \(setting.name)" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Settings", .settings(card.id))] }
  var isNarrow: Bool { true }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Setting \(setting.name)" } }
      form.summary
      if let conflict { told(conflict) }
      section(.class("card")) {
        h2 { "What it is" }
        div(.class("inside stack")) {
          p { setting.setting.summary }
          facts
        }
      }
      section(.class("card")) {
        h2 { "Change it" }
        div(.class("inside")) {
          form.html(to: Route.settings(card.id).address, ticket: ticket, submit: "Set \(setting.name)")
        }
      }
      if setting.value != nil { backToDefault }
    }
  }

  private var facts: HTML {
    dl(.class("facts")) {
      dt { "Value" }
      dd {
        setting.inForce
        if setting.value == nil { span(.class("hush small")) { " default" } }
      }
      dt { "Default" }
      dd { setting.standard }
      dt { "Takes" }
      dd { setting.setting.kind }
      dt { "Set by" }
      dd { setting.maker }
    }
  }

  private func told(_ conflict: Conflict) -> HTML {
    div(.class("notice warn"), .role("alert")) {
      strong { "Somebody else has set it meanwhile" }
      p { "Nothing of yours was written. Send the form again to replace what is set now." }
      dl(.class("facts")) {
        dt { "When you opened it" }
        dd { SettingCard.html(conflict.opened) }
        dt { "Now" }
        dd {
          SettingCard.html(setting.value)
          " "
          setting.maker
        }
        dt { "Yours" }
        dd { SettingCard.html(form[SettingForm.act] == Act.unset.rawValue ? nil : form[SettingForm.value]) }
      }
    }
  }

  private var backToDefault: HTML {
    section(.class("card")) {
      h2 { "Back to the default" }
      div(.class("inside stack")) {
        p {
          "Without a value of its own it is "
          setting.standard
          "."
        }
        SettingForm.unset(setting).html(
          to: Route.settings(card.id).address, ticket: ticket, submit: "Take the value away")
      }
    }
  }
}
