import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// The form of an object: its inputs as they are drawn or were sent, with what is wrong at each field. It is declared
/// by the model alone.
///
/// ```swift
/// var form = ObjectForm(of: model, row, codes)      // drawn from what is stored
/// var form = ObjectForm(of: model, sent)            // as it came back
/// form.isChanged(field, codes, …)                   // what was left alone is not written
/// ```
///
/// Drawn, sent by a browser and drawn again it is the same, but for passwords, which are never written into a page.
package struct ObjectForm: Sendable {
  package let fields: [ObjectField]
  /// By position; nil for a field that was not in the form that was sent.
  package private(set) var drafts: [FieldDraft?]
  /// What each field had when the form was opened, as `FieldCode` writes it; by position.
  package private(set) var codes: [String?]
  /// What to do with a field that others have changed too; by position.
  package private(set) var choices: [ConflictChoice?]
  package private(set) var faults: [String?]
  /// What cannot be typed, as it is shown; by position.
  package var locked: [String?]

  /// What is chosen of two changes of one field, and which value was seen beside one's own.
  package struct ConflictChoice: Sendable, Equatable {
    package var isMine: Bool
    package var seen: String
  }

  private init(_ fields: [ObjectField]) {
    self.fields = fields
    drafts = fields.map { _ in nil }
    codes = drafts.map { _ in nil }
    choices = drafts.map { _ in nil }
    faults = drafts.map { _ in nil }
    locked = drafts.map { _ in nil }
  }

  /// - Parameter values: one for each column.
  package init(of model: StoredModel, _ values: [StoredValue], _ code: FieldCode) {
    self.init(ObjectField.all(of: model))
    for field in fields {
      let value = values[field.position]
      drafts[field.position] = field.draft(of: value)
      codes[field.position] = code.text(of: value, field)
    }
    show(values)
  }

  /// As it was sent.
  package init(of model: StoredModel, _ sent: FormContainer) {
    self.init(ObjectField.all(of: model))
    for field in fields { read(field, FieldNames(field.name, in: sent)) }
  }

  private mutating func read(_ field: ObjectField, _ sent: FieldNames) {
    guard let code = sent.text(.code) else { return }
    codes[field.position] = code
    var draft = FieldDraft(isNone: sent.text(.none) != nil, isLocked: sent.text(.locked) != nil)
    let typed = InputText.normalized(sent.text(field.isPassword ? .password : .value) ?? "")
    switch field.kind {
    case .choice:
      draft.isNone = sent.text(.value) == ""
      draft.text = typed.hasPrefix("=") ? String(typed.dropFirst()) : ""
    case .choices:
      draft.keys = sent.list(.keys).filter { $0.hasPrefix("=") }.map { InputText.normalized(String($0.dropFirst())) }
    default: draft.text = typed
    }
    if case .attachment = field.kind {
      // The id of what is there is no choice of the person's; a new file is.
      if sent.text(.uploaded) != nil { draft.isNone = false }
      if let fault = sent.text(.fault) { refuse(field.position, "\(field.label): \(CutText.cut(fault, to: 300))") }
    } else if !draft.text.isEmpty || !draft.keys.isEmpty {
      draft.isNone = false
    }
    drafts[field.position] = draft
    if let seen = sent.text(.seen), let word = sent.text(.choice), ["mine", "now"].contains(word) {
      choices[field.position] = ConflictChoice(isMine: word == "mine", seen: seen)
    }
  }

  /// Takes what is stored of fields whose text cannot be typed, to be shown.
  package mutating func show(_ values: [StoredValue]) {
    for field in fields where drafts[field.position]?.isLocked == true && !field.column.isMasked {
      switch values[field.position] {
      case .text(let text): locked[field.position] = text
      case .integer(let integer): locked[field.position] = "\(integer)"
      case .null, .real, .id: break
      }
    }
  }

  /// As if the form had been opened when the field had this code; with a draft in place of what was typed, unless nil.
  mutating func settle(_ position: Int, _ code: String, _ draft: FieldDraft?) {
    codes[position] = code
    if let draft { drafts[position] = draft }
  }

  package mutating func set(_ draft: FieldDraft, at position: Int) { drafts[position] = draft }

  package mutating func refuse(_ position: Int, _ sentence: String) {
    if faults[position] == nil { faults[position] = sentence }
  }

  package var isGood: Bool { faults.allSatisfy { $0 == nil } }

  /// Whether a field is another one than when the form was opened.
  package func isChanged(_ field: ObjectField, _ code: FieldCode) -> Bool {
    guard let draft = drafts[field.position], let opened = codes[field.position], !field.isLeftAlone(draft) else {
      return false
    }
    // What takes the place of a text that cannot be shown is always a change.
    return draft.isLocked || field.isPassword || code.text(of: draft, field) != opened
  }

  /// The values of these fields; what is wrong is noted at the field.
  package mutating func values(of fields: [ObjectField]) -> [(position: Int, value: StoredValue)] {
    var values: [(position: Int, value: StoredValue)] = []
    for field in fields {
      guard let draft = drafts[field.position] else { continue }
      do throws(ClientFault) {
        values.append((field.position, try field.value(of: draft)))
      } catch {
        refuse(field.position, field.sentence(error))
      }
    }
    return values
  }

  /// Names of fields that came with the form and that there are no more.
  package static func lost(_ sent: FormContainer, of model: StoredModel) -> [String] {
    guard case .container(let codes)? = sent[FieldNames.Part.code.rawValue] else { return [] }
    return codes.entries.map(\.key).filter { model.position(of: $0) == nil }
  }
}

/// The names of a field's inputs: `v[status]`.
struct FieldNames {
  enum Part: String {
    case value = "v"
    case keys = "k"
    case none = "n"
    /// A form that has one with a text is never held.
    case password = "p"
    case locked = "r"
    case code = "c"
    /// A file that was chosen, and in a form that has come: that it is kept, or why it is not.
    case file = "f"
    case uploaded = "u"
    case fault = "e"
    /// Which of two changes counts, and which value was seen.
    case choice = "x"
    case seen = "y"
  }

  let name: String
  private let sent: FormContainer?

  init(_ name: String, in sent: FormContainer? = nil) {
    self.name = name
    self.sent = sent
  }

  subscript(part: Part) -> String { "\(part.rawValue)[\(name)]" }
  /// The field that an input of a file is of.
  static func field(in name: String) -> String? {
    let start = "\(Part.file.rawValue)["
    guard name.hasPrefix(start), name.hasSuffix("]") else { return nil }
    return String(name.dropFirst(start.count).dropLast())
  }

  var keys: String { "\(Part.keys.rawValue)[\(name)][]" }

  private func tree(_ part: Part) -> FormTree? {
    guard case .container(let fields)? = sent?[part.rawValue] else { return nil }
    return fields[name]
  }

  func text(_ part: Part) -> String? { if case .text(let text)? = tree(part) { text } else { nil } }
  func list(_ part: Part) -> [String] { tree(part)?.texts ?? [] }
}

extension ObjectField {
  /// The API's sentence as it stands at the field.
  fileprivate func sentence(_ fault: ClientFault) -> String {
    let detail = fault.detail
    let rest = detail.hasPrefix("\(name): ") ? String(detail.dropFirst(name.count + 2)) : detail
    return "\(label): \(rest)"
  }
}
