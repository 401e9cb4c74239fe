import Attachments
import Objects
import Storage
import Web
import Wire

/// What a page knows of a form's fields beside what stands in them.
package struct FieldNotes: Sendable {
  /// Of the object at the end of a relationship, by position.
  package var related: [Int: RelatedNote] = [:]
  /// Where objects for relationships are found, by position.
  package var picks: [Int: LocalAddress] = [:]
  /// Of what is stored in attachment fields, by position.
  package var stored: [Int: WrittenHTML] = [:]
  /// Of fields that others have changed too, by position.
  package var conflicts: [Int: FieldConflict] = [:]
  /// App users whose devices made them.
  var users: [ObjectID: String] = [:]

  package init() {}
}

/// What is said beside the id of a relationship.
package enum RelatedNote: Sendable, Equatable {
  case display(String)
  /// There is no such object.
  case missing
  /// Its model is not there for the visitor.
  case hidden
}

/// Draws the inputs of an object's form.
struct ObjectFormHTML {
  let form: ObjectForm
  let notes: FieldNotes

  @HTMLBuilder
  var html: HTML {
    for field in form.fields {
      if let draft = form.drafts[field.position] {
        FieldHTML(field: field, draft: draft, form: form, notes: notes).html
      }
    }
  }

  /// What is wrong, above all else, with links to the fields.
  @HTMLBuilder
  var summary: HTML {
    if !form.isGood {
      Form.notice {
        ul {
          for field in form.fields {
            if let fault = form.faults[field.position] { Form.line(fault, to: FieldHTML.id(field)) }
          }
        }
      }
    }
  }
}

/// One field of a form with all of its inputs.
struct FieldHTML {
  let field: ObjectField
  let draft: FieldDraft
  let form: ObjectForm
  let notes: FieldNotes

  static func id(_ field: ObjectField) -> String { "field-\(field.name)" }

  private var id: String { Self.id(field) }
  private var names: FieldNames { FieldNames(field.name) }
  private var fault: String? { form.faults[field.position] }
  private var conflict: FieldConflict? { notes.conflicts[field.position] }

  var html: HTML {
    fragment {
      if let code = form.codes[field.position] { input(.type(.hidden), .name(names[.code]), .value(code)) }
      if draft.isLocked { input(.type(.hidden), .name(names[.locked]), .value("1")) }
      if isGroup {
        fieldset(.class("field"), .id(id), described, .tabIndex(-1)) {
          legend { heading }
          content
        }
      } else {
        div(.class("field")) {
          label(.for(id)) { heading }
          content
        }
      }
    }
  }

  /// Several inputs that are one question.
  private var isGroup: Bool {
    switch field.kind {
    case .choice(let options): options.count <= ObjectField.mostRadios && !draft.isLocked
    case .choices: true
    default: false
    }
  }

  private var heading: HTML {
    fragment {
      field.label
      if field.label != field.name {
        " "
        code(.class("hush small")) { field.name }
      }
    }
  }

  @HTMLBuilder
  private var content: HTML {
    if let conflict { ConflictHTML(field: field, conflict: conflict, choice: form.choices[field.position]).html }
    if let shown = form.locked[field.position] { lockedText(shown) }
    control
    if let hint { span(.class("hint"), .id("\(id)-hint")) { hint } }
    if let fault { span(.class("wrong"), .id("\(id)-fault")) { fault } }
  }

  private var described: Attribute {
    let ids = (hint == nil ? [] : ["\(id)-hint"]) + (fault == nil ? [] : ["\(id)-fault"])
    return .when(!ids.isEmpty, .aria("describedby", ids.joined(separator: " ")))
  }
  private var invalid: Attribute { .when(fault != nil, .aria("invalid", "true")) }

  private var hint: String? {
    if field.column.isMasked { return "It is shown nowhere. What is typed here takes its place." }
    return switch field.kind {
    case .password: nil
    case .day: nil
    case .time: "UTC, to the second."
    case .choices: "Nothing ticked is an empty list."
    case .location:
      "Latitude and longitude, such as 40.64, -73.78. Another one drops the altitude and accuracy of the old."
    case .track: "JSON."
    case .line where draft.isLocked, .paragraph where draft.isLocked: "What is typed here takes the place of all of it."
    case .attachment(let declared):
      "It takes \(MediaCheck.words(for: declared))."
        + (draft.text.isEmpty ? "" : " Another file takes the place of the one that is there.")
    case .whole, .number, .choice, .line, .paragraph, .relationship: nil
    }
  }

  /// A text that no input could send back as it is.
  private func lockedText(_ text: String) -> HTML {
    div(.class("stack")) {
      textarea(
        .rows(3), .readOnly(), .aria("label", "\(field.label) as it is stored"),
        text: CutText.cut(text, to: 2000))
      span(.class("hint")) { "It holds characters that cannot be typed, or is very long. It stays as it is." }
    }
  }

  @HTMLBuilder
  private var control: HTML {
    switch field.kind {
    case .line(let mode):
      if InputText.hasLines(draft.text) { area(rows: 3) } else { line(mode) }
      noValue
    case .paragraph:
      area(rows: 5)
      noValue
    case .password:
      input(
        .id(id), .name(names[.password]), .type(.password), .autocomplete("new-password"), .value(""), described,
        invalid)
      noValue
    case .whole: line("numeric")
    case .number: line("decimal")
    case .day: dayInput
    case .time: timeInput
    case .choice(let options): choice(options)
    case .choices: boxes
    case .location: line("text")
    case .track: area(rows: 5)
    case .relationship:
      RelationshipHTML(
        field: field, draft: draft, note: notes.related[field.position],
        pick: notes.picks[field.position], id: id, described: described, invalid: invalid
      ).html
    case .attachment: attachment
    }
  }

  private func line(_ mode: StaticString) -> HTML {
    input(
      .id(id), .name(names[.value]), .type(.text), .inputMode(mode), .autocomplete("off"), .value(draft.text),
      .directionOfText, described, invalid)
  }

  private func area(rows: Int) -> HTML {
    textarea(
      .id(id), .name(names[.value]), .rows(rows), .autocomplete("off"), .directionOfText, described, invalid,
      text: draft.text)
  }

  private var noValue: HTML {
    label(.class("choice")) {
      input(.type(.checkbox), .name(names[.none]), .value("1"), .checked(draft.isNone))
      "No value"
      span(.class("away")) { " for \(field.label)" }
    }
  }

  // MARK: Days and times

  /// What is not one, for it was typed where there is no such input, stays as it was typed.
  @HTMLBuilder
  private var dayInput: HTML {
    if draft.text.isEmpty || CalendarDay(draft.text).map({ "\(HTMLText.of(.day($0)))" }) == draft.text {
      input(.id(id), .name(names[.value]), .type(.date), .value(draft.text), described, invalid)
    } else {
      line("text")
    }
  }

  @HTMLBuilder
  private var timeInput: HTML {
    if draft.text.isEmpty || Self.isLocal(draft.text) {
      input(
        .id(id), .name(names[.value]), .type(.datetimeLocal), .step("1"), .value(draft.text), described, invalid)
    } else {
      line("text")
    }
  }

  /// `2013-01-31T09:05` with seconds or without.
  private static func isLocal(_ text: String) -> Bool {
    guard let instant = Instant(text) else { return false }
    let written = String(instant.description.dropLast())
    return written == text || written == text + ":00"
  }

  // MARK: Choices

  @HTMLBuilder
  private func choice(_ options: [ObjectField.Choice]) -> HTML {
    if isGroup {
      div(.class("options choice")) {
        for one in all {
          radio(one.label, "=" + one.key, isSet: !draft.isNone && ObjectField.isSame(one.key, draft.text))
        }
        radio("No value", "", isSet: draft.isNone)
      }
    } else {
      select(.id(id), .name(names[.value]), described, invalid) {
        if draft.isLocked { option(.value("*"), .selected()) { "as it is stored" } }
        option(.value(""), .selected(draft.isNone)) { "No value" }
        for one in all {
          option(
            .value("=" + one.key),
            .selected(!draft.isNone && !draft.isLocked && ObjectField.isSame(one.key, draft.text))
          ) {
            one.label
          }
        }
      }
    }
  }

  /// The options, and what is chosen and is none any more.
  private var all: [ObjectField.Choice] {
    let (declared, removed) = field.choices(with: draft)
    // Of a locked one nothing is chosen.
    let more = draft.isLocked ? [] : removed
    return declared
      + more.map {
        ObjectField.Choice(key: $0, label: "\($0.isEmpty ? "empty text" : $0) (an option that was removed)")
      }
  }

  private func radio(_ label: String, _ value: String, isSet: Bool) -> HTML {
    Web.label(.class("choice")) {
      input(.type(.radio), .name(names[.value]), .value(value), .checked(isSet))
      label
    }
  }

  private var boxes: HTML {
    fragment {
      div(.class("options choice")) {
        for one in all {
          label(.class("choice")) {
            input(
              .type(.checkbox), .name(names.keys), .value("=" + one.key),
              .checked(draft.keys.contains { ObjectField.isSame($0, one.key) }))
            one.label
          }
        }
      }
      noValue
    }
  }

  // MARK: Attachments

  private var attachment: HTML {
    fragment {
      input(.type(.hidden), .name(names[.value]), .value(draft.text))
      if let stored = notes.stored[field.position] {
        div { HTML.written(stored) }
        label(.class("choice")) {
          input(.type(.checkbox), .name(names[.none]), .value("1"), .checked(draft.isNone))
          "Remove it"
          span(.class("away")) { " from \(field.label)" }
        }
      }
      input(.id(id), .name(names[.file]), .type(.file), described, invalid)
    }
  }
}

/// A piece of a page as text.
private enum HTMLText {
  static func of(_ html: HTML) -> String {
    var writer = ByteWriter(capacity: 32)
    writer.append(html)
    return writer.string
  }
}
