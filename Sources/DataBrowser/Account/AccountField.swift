import People
import Web

/// A labelled input of a form about oneself, with what is wrong with it.
struct AccountField {
  enum Kind { case text, email, password, newPassword, code }

  var name: String
  var label: String
  var kind: Kind
  var value = ""
  var hint: String?
  /// A sentence where what was typed is refused.
  var problem: String?

  var html: HTML {
    div(.class("field")) {
      Web.label(.for(name)) { label }
      if let hint { span(.class("hint"), .id("\(name)-hint")) { hint } }
      input(
        .id(name), .name(name), kind == .password || kind == .newPassword ? .type(.password) : .type(.text),
        autocomplete, .value(value), .spellcheck(false), .when(kind == .email, .inputMode("email")),
        .when(kind == .code, .inputMode("numeric")), .when(problem != nil, .aria("invalid", "true")),
        .when(!describedBy.isEmpty, .aria("describedby", describedBy)))
      if let problem { span(.class("wrong"), .id("\(name)-wrong")) { problem } }
    }
  }

  private var describedBy: String {
    [hint.map { _ in "\(name)-hint" }, problem.map { _ in "\(name)-wrong" }].compactMap { $0 }.joined(separator: " ")
  }

  private var autocomplete: Attribute {
    switch kind {
    case .text: .autocomplete("name")
    case .email: .autocomplete("username")
    case .password: .autocomplete("current-password")
    case .newPassword: .autocomplete("new-password")
    case .code: .autocomplete("one-time-code")
    }
  }
}

/// What a form of one's account was refused for: at which field, or as a whole.
struct AccountProblem: Sendable, Equatable {
  var field: String?
  var sentence: String

  init(_ fault: PeopleFault) {
    if case .invalid(let field, let sentence) = fault {
      self.field = field.rawValue
      self.sentence = sentence
    } else {
      field = nil
      sentence = fault.sentence
    }
  }

  func sentence(at name: String) -> String? { field == name ? sentence : nil }

  /// Above the form, with the focus; it leads to the field.
  var html: HTML {
    div(.class("notice bad"), .id("problem"), .role("alert"), .tabIndex(-1), .autofocus()) {
      strong { "Not done" }
      p {
        if let field { a(.href(LocalAddress(fragment: field))) { sentence } } else { sentence }
      }
    }
  }
}
