import People
import Storage
import Web
import Wire

/// What is asked about a view that is kept by a name: as much of it as its reader may say.
struct ViewForm: Sendable {
  /// What somebody may do with a view.
  struct Rights: Sendable {
    /// Whether name, note and sharing are theirs to say.
    var changes: Bool
    /// Whether it is theirs, so that they may take it from others.
    var owns: Bool
    /// Whether they may have it open for everybody.
    var administers: Bool
  }

  private enum Key: String { case name, note, shared, mine, all }

  let rights: Rights
  var form: Form

  /// Before anything was typed; `label` is the model's.
  init(_ draft: ViewDraft, _ rights: Rights, of label: String) {
    self.rights = rights
    let truths: [(Key, Bool)] = [
      (.shared, draft.isShared), (.mine, draft.opensForOne), (.all, draft.opensForAll == true),
    ]
    var values = Dictionary(uniqueKeysWithValues: truths.filter(\.1).map { ($0.0.rawValue, "true") })
    (values[Key.name.rawValue], values[Key.note.rawValue]) = (draft.name, draft.note)
    form = Form(Self.fields(rights, label), values: values)
  }

  private static func fields(_ rights: Rights, _ label: String) -> [FormField] {
    func truth(_ key: Key, _ label: String, _ hint: String) -> FormField {
      FormField(key.rawValue, label, .truth, hint: hint, isRequired: false)
    }
    var fields: [FormField] = []
    if rights.changes {
      fields = [
        FormField(Key.name.rawValue, "Name", most: ViewDraft.mostOfName),
        FormField(
          Key.note.rawValue, "Note", .paragraph, hint: "What it is for.", isRequired: false, most: ViewDraft.mostOfNote),
      ]
    }
    if rights.owns {
      fields.append(
        truth(
          .shared, "Share it",
          "All who see this deployment find it among the views. Only you and administrators can change it."))
    }
    fields.append(
      truth(.mine, "Open it for me with \(label)", "In place of all objects, which stay one link away."))
    if rights.administers, rights.changes {
      fields.append(
        truth(
          .all, "Open it for everybody with \(label)",
          "For those who have no such view of their own. It must be shared."))
    }
    return fields
  }

  mutating func read(_ sent: FormContainer) {
    form.read(sent)
    if rights.changes, form.fault(of: Key.name.rawValue) == nil, form[Key.name.rawValue].trimmed.isEmpty {
      form.refuse(Key.name.rawValue, "Name is needed.")
    }
  }

  /// What was said; what is not theirs to say stays as it is.
  func draft(_ view: NamedView?) -> ViewDraft {
    var draft = ViewDraft(
      name: rights.changes ? form[Key.name.rawValue].trimmed : view?.name ?? "",
      note: rights.changes ? form[Key.note.rawValue].replacing("\r\n", with: "\n").trimmed : view?.note ?? "",
      isShared: rights.owns ? form.isTrue(Key.shared.rawValue) : view?.isShared ?? false,
      opensForOne: form.isTrue(Key.mine.rawValue))
    if rights.administers, rights.changes { draft.opensForAll = form.isTrue(Key.all.rawValue) }
    return draft
  }
}
