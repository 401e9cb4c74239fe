import Storage
import Web
import Wire

/// A field that was changed in a form and, since the form was opened, by others.
package struct FieldConflict: Sendable {
  /// In words; nil where the oplog does not reach back so far any more.
  package var was: String?
  package var now: String
  /// Of the value that it has now: with it the form says which one was seen.
  package var code: String
  /// Who changed it, as far as it is known.
  package var who: String?
  var origin: Origin?
  package var at: Instant?

  init(was: String?, now: String, code: String, origin: Origin? = nil, at: Instant? = nil) {
    self.was = was
    self.now = now
    self.code = code
    self.origin = origin
    self.at = at
  }
}

/// What it was, what it is now, and which one is to be.
struct ConflictHTML {
  let field: ObjectField
  let conflict: FieldConflict
  let choice: ObjectForm.ConflictChoice?

  private var names: FieldNames { FieldNames(field.name) }

  var html: HTML {
    fragment {
      input(.type(.hidden), .name(names[.seen]), .value(conflict.code))
      dl(.class("conflict")) {
        dt { "It was" }
        dd(.directionOfText) { conflict.was ?? "not known any more: the log of changes does not reach back so far" }
        dt { "It is now" }
        dd {
          span(.directionOfText) { conflict.now }
          if let at = conflict.at {
            span(.class("hush small")) {
              " since "
              HTML.timeWithZone(at)
              if let who = conflict.who { " by \(who)" }
            }
          }
        }
      }
      div(.class("options choice"), .role("radiogroup"), .aria("label", "Which \(field.label) is to be")) {
        radio("Keep what it is now", "now")
        radio("Use what you typed, below", "mine")
      }
    }
  }

  private func radio(_ text: String, _ value: String) -> HTML {
    label(.class("choice")) {
      input(.type(.radio), .name(names[.choice]), .value(value))
      text
    }
  }
}

extension ObjectField {
  /// A stored value as a person reads it. `name` is of the object at the end of a relationship.
  func words(of value: StoredValue, name: String? = nil) -> String {
    if column.isMasked { return value.isNull ? "no value" : "masked" }
    if value.isNull { return "no value" }
    if case .text(let text) = value {
      if text.isEmpty { return "empty text" }
      if !InputText.isTypable(text) { return CutText.cut(text) }
    }
    let draft = draft(of: value)
    switch kind {
    case .choice(let options): return options.first { Self.isSame($0.key, draft.text) }?.label ?? draft.text
    case .choices(let options):
      if draft.keys.isEmpty { return "empty list" }
      return draft.keys.map { key in options.first { Self.isSame($0.key, key) }?.label ?? key }.joined(separator: ", ")
    case .time: return draft.text.replacing("T", with: " ") + " UTC"
    case .relationship: return name ?? draft.text
    default: return CutText.cut(draft.text, to: 500)
    }
  }
}
