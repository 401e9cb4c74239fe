/// A question of a form: what it is called, how it is asked, what an answer must be.
package struct FormField: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case text
    /// A text that browsers are not to correct: an address, a code, a name in a program.
    case word
    case email
    /// Of somebody who signs in.
    case password
    /// One that is being chosen.
    case newPassword
    /// A code of six digits, or one that is used once.
    case oneTimeCode
    case paragraph
    case truth
    /// One of several, by the value that is sent.
    case choice([Option])
    case hidden
  }

  package struct Option: Hashable, Sendable {
    package var value: String
    package var label: String

    package init(_ value: String, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  package var name: String
  package var label: String
  package var kind: Kind
  package var hint: String?
  package var isRequired: Bool
  /// Bytes of an answer.
  package var most: Int

  package init(
    _ name: String, _ label: String, _ kind: Kind = .text, hint: String? = nil, isRequired: Bool = true,
    most: Int = 1000
  ) {
    self.name = name
    self.label = label
    self.kind = kind
    self.hint = hint
    self.isRequired = isRequired
    self.most = most
  }

  /// Whether what was typed never goes back into a page.
  package var isSecret: Bool {
    switch kind {
    case .password, .newPassword, .oneTimeCode: true
    case .text, .word, .email, .paragraph, .truth, .choice, .hidden: false
    }
  }
}
