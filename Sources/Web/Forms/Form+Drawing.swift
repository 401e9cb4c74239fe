import Wire

extension Form {
  /// Radios up to here, a list to choose from beyond.
  private static let mostRadios = 7

  package static func id(_ name: String) -> String { "field-\(name)" }

  /// The form with its inputs.
  /// - Parameters:
  ///   - ticket: what lets the form be sent; it is the first input. Nil for forms that carry none.
  ///   - userName: of the account that a password is for, where the form does not ask for it: password managers look
  ///     for it. It is not shown and not sent.
  ///   - submit: what the button says.
  package func html(to action: LocalAddress, ticket: String?, userName: String? = nil, submit: String) -> HTML {
    form(.class("stack"), .method(.post), .action(action)) {
      if let ticket { input(.type(.hidden), .name("ticket"), .value(ticket)) }
      if let userName {
        input(
          .type(.text), .hidden, .autocomplete("username"), .value(userName), .aria("label", "User name"))
      }
      inputs
      div(.class("actions")) { button(.type(.submit), .class("main")) { submit } }
    }
  }

  /// The questions alone, for a form that is drawn around them.
  @HTMLBuilder
  package var inputs: HTML {
    for field in fields { html(of: field) }
  }

  /// What is wrong, above all else, with links to the fields.
  @HTMLBuilder
  package var summary: HTML {
    if !isGood {
      Self.notice {
        if let fault { p { fault } }
        ul {
          for field in fields {
            if let fault = fault(of: field.name) { Self.line(fault, to: Self.id(field.name)) }
          }
        }
      }
    }
  }

  /// The same for one thing that is wrong with a form which is none of these; `id` is of the element that has it.
  package static func summary(of fault: String, at id: String) -> HTML { notice { ul { line(fault, to: id) } } }

  /// The notice around lines that are drawn one by one.
  package static func notice(@HTMLBuilder content: () -> HTML) -> HTML {
    div(.class("notice bad"), .role("alert"), .id("faults"), .tabIndex(-1), .autofocus()) {
      strong { "Please look at this again" }
      content()
    }
  }

  package static func line(_ fault: String, to id: String) -> HTML {
    li { a(.href(LocalAddress(fragment: id))) { fault } }
  }

  @HTMLBuilder
  private func html(of field: FormField) -> HTML {
    let id = Self.id(field.name)
    switch field.kind {
    case .hidden: input(.type(.hidden), .name(field.name), .value(self[field.name]))
    case .truth:
      div(.class("field")) {
        label(.class("choice")) {
          input(.type(.checkbox), .id(id), .name(field.name), .value("true"), .checked(isTrue(field.name)))
          field.label
        }
        notes(of: field)
      }
    case .choice(let options) where options.count <= Self.mostRadios: radios(options, of: field)
    default:
      div(.class("field")) {
        label(.for(id)) { field.isRequired ? field.label : "\(field.label) (optional)" }
        control(of: field, id)
        notes(of: field)
      }
    }
  }

  @HTMLBuilder
  private func notes(of field: FormField) -> HTML {
    if let hint = field.hint { span(.class("hint"), .id(Self.id(field.name) + "-hint")) { hint } }
    if let fault = fault(of: field.name) { span(.class("wrong"), .id(Self.id(field.name) + "-fault")) { fault } }
  }

  private func described(_ field: FormField) -> Attribute {
    var ids: [String] = []
    if field.hint != nil { ids.append(Self.id(field.name) + "-hint") }
    if fault(of: field.name) != nil { ids.append(Self.id(field.name) + "-fault") }
    return .when(!ids.isEmpty, .aria("describedby", ids.joined(separator: " ")))
  }

  private func invalid(_ field: FormField) -> Attribute {
    .when(fault(of: field.name) != nil, .aria("invalid", "true"))
  }

  private func control(of field: FormField, _ id: String) -> HTML {
    switch field.kind {
    case .paragraph:
      return textarea(
        .id(id), .name(field.name), .rows(4), described(field), invalid(field), text: self[field.name])
    case .choice(let options):
      return select(.id(id), .name(field.name), described(field), invalid(field)) {
        for one in options { option(.value(one.value), .selected(one.value == self[field.name])) { one.label } }
      }
    default:
      let isPassword = field.kind == .password || field.kind == .newPassword
      return input(
        .id(id), .name(field.name), .type(isPassword ? .password : .text), .inputMode(field.inputMode),
        .autocomplete(field.autocomplete), .spellcheck(field.kind == .text),
        .value(field.isSecret ? "" : self[field.name]), described(field), invalid(field))
    }
  }

  private func radios(_ options: [FormField.Option], of field: FormField) -> HTML {
    fieldset(.class("field"), .id(Self.id(field.name)), described(field)) {
      legend { field.label }
      for one in options {
        label(.class("choice")) {
          input(.type(.radio), .name(field.name), .value(one.value), .checked(one.value == self[field.name]))
          one.label
        }
      }
      notes(of: field)
    }
  }
}

extension FormField {
  fileprivate var inputMode: StaticString {
    switch kind {
    case .email: "email"
    case .oneTimeCode: "numeric"
    default: "text"
    }
  }

  fileprivate var autocomplete: StaticString {
    switch kind {
    case .email: "username"
    case .password: "current-password"
    case .newPassword: "new-password"
    case .oneTimeCode: "one-time-code"
    default: "off"
    }
  }
}
