import People
import Web

extension Form {
  /// The form as it was sent.
  init(_ fields: [FormField], from sent: PostForm) {
    self.init(
      fields, values: Dictionary(fields.map { ($0.name, sent[$0.name]) }, uniquingKeysWith: { first, _ in first }))
  }

  /// Says what is wrong, at the field where it is one.
  mutating func take(_ fault: PeopleFault) {
    if case .invalid(let field, let sentence) = fault {
      refuse(field.rawValue, sentence)
    } else {
      self.fault = fault.sentence
    }
  }
}

/// What people are asked about themselves.
enum AccountQuestion {
  static let email = FormField("email", "E-mail address", .email, most: 254)
  static let name = FormField("name", "Your name", hint: "As others see it beside what you do.", most: 100)
  static let password = FormField("password", "Password", .password)
  static let newPassword = FormField(
    "password", "New password", .newPassword,
    hint: "12 to 256 characters of any kind. A few words that have nothing to do with one another are good.")
  static let code = FormField("code", "Code", .oneTimeCode, hint: "Of your authenticator, or a recovery code.")
  static let codeIfAny = FormField(
    "code", "Code", .oneTimeCode, hint: "Of your authenticator, or a recovery code. Leave it empty if you have none.",
    isRequired: false)
  /// Where one goes on.
  static let to = FormField("to", "", .hidden, isRequired: false)
}
