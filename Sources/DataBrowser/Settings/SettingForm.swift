import Deployments
import Storage
import Web

/// The form of one setting. It carries what was set when it was opened, so that nobody replaces unseen what somebody
/// else has set meanwhile.
enum SettingForm {
  static let setting = "setting"
  static let act = "act"
  static let value = "value"
  private static let opened = "opened"
  private static let wasSet = "was_set"

  private static let hidden = [setting, act, wasSet, opened].map { FormField($0, "", .hidden, isRequired: false) }

  static func set(_ card: SettingCard) -> Form {
    var values = hiddenValues(card, .set)
    values[value] = card.value ?? card.setting.defaultValue ?? ""
    return Form(hidden + [field(of: card.setting)], values: values)
  }

  static func unset(_ card: SettingCard) -> Form { Form(hidden, values: hiddenValues(card, .unset)) }

  /// What was sent, beside what is set now.
  static func sent(_ form: PostForm, _ card: SettingCard) -> Form {
    var values = hiddenValues(card, SettingPage.Act(rawValue: form[act]) ?? .set)
    values[value] = form[value]
    return Form(hidden + [field(of: card.setting)], values: values)
  }

  private static func hiddenValues(_ card: SettingCard, _ act: SettingPage.Act) -> [String: String] {
    [
      setting: card.name, self.act: act.rawValue, wasSet: card.value == nil ? "" : "true", opened: card.value ?? "",
    ]
  }

  /// What was set when the form was opened.
  static func opened(_ form: PostForm) -> String? { form[wasSet] == "true" ? form[opened] : nil }

  /// What is to be set; nil goes back to the default.
  static func wanted(_ form: PostForm) -> String? {
    SettingPage.Act(rawValue: form[act]) == .unset ? nil : form[value]
  }

  /// The question of any setting.
  static let question = FormField(value, "Value", .word, isRequired: false)

  private static func field(of setting: DeploymentSetting) -> FormField {
    let hint = "Takes \(setting.kind)."
    guard let choices = setting.choices else {
      return FormField(value, "Value", .word, hint: hint)
    }
    return FormField(value, "Value", .choice(choices.map { FormField.Option($0, $0) }), hint: hint)
  }
}
