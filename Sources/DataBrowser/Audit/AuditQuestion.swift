import People
import Storage
import Web
import Wire

/// What an address asks of the audit, read: the form with what was asked, and where it cannot be read, why.
struct AuditQuestion: Sendable {
  var form: Form
  /// But for its order and its limits.
  var want = AuditWant(.newest(before: nil), limit: 0)
  var before: Int64?

  /// `people` are those that can be chosen.
  /// - Throws: `PageFault` for a position that is none.
  init(_ view: AuditView, in deployment: String?, people: [FormField.Option]) throws(PageFault) {
    form = Form(
      Self.fields(people),
      values: Dictionary(uniqueKeysWithValues: AuditView.Key.allCases.map { ($0.rawValue, view[$0]) }))
    want.deployment = deployment
    want.action = view[.action].isEmpty ? nil : view[.action]
    if let action = want.action, AuditAction(rawValue: action) == nil {
      form.refuse(AuditView.Key.action.rawValue, "What: choose one of those that are offered.")
    }
    if !view[.before].isEmpty {
      guard let number = Int64(view[.before]), number > 0 else {
        throw .invalid("“\(CutText.cut(view[.before]))” is no position in the audit.", ways: [])
      }
      before = number
    }
    if !view[.person].isEmpty {
      want.person = PersonID(view[.person])
      if want.person == nil { form.refuse(AuditView.Key.person.rawValue, "Who: choose one of those that are offered.") }
    }
    want.from = time(.from, view)
    want.to = time(.to, view)
  }

  private mutating func time(_ key: AuditView.Key, _ view: AuditView) -> Instant? {
    let text = view[key]
    if text.isEmpty { return nil }
    let time = TimeBound.read(text, isEnd: key == .to)
    if time == nil { form.refuse(key.rawValue, TimeBound.problem(key == .from ? "From" : "To", text)) }
    return time
  }

  private static let actions =
    [FormField.Option("", "All")]
    + AuditAction.allCases.map { FormField.Option($0.rawValue, AuditText.words($0.rawValue)) }

  private static func fields(_ people: [FormField.Option]) -> [FormField] {
    [
      FormField(AuditView.Key.person.rawValue, "Who", .choice([FormField.Option("", "Everybody")] + people)),
      FormField(AuditView.Key.action.rawValue, "What", .choice(actions)),
      FormField(
        AuditView.Key.target.rawValue, "On what", .word, hint: "A part of it, whatever the case of its letters."),
      FormField(AuditView.Key.from.rawValue, "From", .word, hint: TimeBound.hint),
      FormField(AuditView.Key.to.rawValue, "To", .word, hint: "A day alone is meant to its end."),
    ]
  }

  /// Which conditions there are, without their values: how the audit tells of an export.
  static func words(of view: AuditView) -> String? {
    let terms = view.pairs.filter { $0.key != "as" }.map { "\($0.key) = ?" }
    return terms.isEmpty ? nil : terms.joined(separator: " and ")
  }
}

/// How pages and files say what an entry of the audit says.
enum AuditText {
  /// `end-session` as people say it.
  static func words(_ action: String) -> String { action.replacing("-", with: " ") }

  /// Whoever is not signed in: a command on the server, or anybody.
  static func who(_ draft: AuditDraft, _ names: [PersonID: String]) -> String {
    guard let person = draft.person else {
      return draft.address == People.commandAddress ? "a command on the server" : "nobody signed in"
    }
    return names[person] ?? person.text
  }
}
