import Wire

/// A form with its answers: declared once, it draws its inputs, reads what was sent, and says at each field what is
/// wrong.
///
/// ```swift
/// var form = Form([FormField("email", "E-mail", .email), FormField("password", "Password", .password)])
/// form.read(sent)
/// if !known { form.refuse("password", "This password does not fit.") }
/// ```
///
/// Drawn, read and drawn again it is the same, but for passwords, which are never written into a page.
package struct Form: Sendable {
  package let fields: [FormField]
  private var values: [String: String]
  private var faults: [String: String] = [:]
  /// What is wrong with the whole.
  package var fault: String?

  package init(_ fields: [FormField], values: [String: String] = [:]) {
    self.fields = fields
    self.values = values
  }

  /// The answer to a question; empty where there is none. Of a `truth` it is `true` or empty.
  package subscript(name: String) -> String { values[name] ?? "" }

  package func isTrue(_ name: String) -> Bool { self[name] == "true" }

  package var isGood: Bool { faults.isEmpty && fault == nil }

  package mutating func refuse(_ name: String, _ sentence: String) {
    if faults[name] == nil { faults[name] = sentence }
  }

  package func fault(of name: String) -> String? { faults[name] }

  /// Takes what was sent, and notes what is missing, too long, or no choice. What the form has no question for is left
  /// out.
  package mutating func read(_ sent: FormContainer) {
    values = [:]
    faults = [:]
    fault = nil
    for field in fields {
      var value = ""
      if case .text(let text)? = sent[field.name] { value = text }
      values[field.name] = value
      if let problem = field.problem(with: value) { faults[field.name] = problem }
    }
  }
}

extension FormField {
  /// What is wrong with an answer; nil where it will do.
  fileprivate func problem(with value: String) -> String? {
    if value.isEmpty { return isRequired && kind != .truth ? "\(label) is needed." : nil }
    if value.utf8.count > most { return "\(label) takes at most \(most) bytes; this has \(value.utf8.count)." }
    switch kind {
    case .choice(let options):
      return options.contains { $0.value == value } ? nil : "\(label): choose one of those that are offered."
    case .truth: return value == "true" ? nil : "\(label): tick it or leave it."
    case .text, .word, .email, .password, .newPassword, .oneTimeCode, .paragraph, .hidden: return nil
    }
  }
}
