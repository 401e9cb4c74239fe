import Objects
import Storage
import Wire

extension PageRead {
  /// A file that comes with the bytes and the name of the one that is there by now is that one: a form that was cut off
  /// and is sent again is in no conflict with itself.
  /// One that is sent again on purpose, where nobody has changed the field, goes its way.
  func recognize(filesOf form: inout ObjectForm, among values: [StoredValue], _ code: FieldCode) throws {
    var pairs: [(position: Int, sent: ObjectID, stored: ObjectID)] = []
    for field in form.fields {
      guard case .attachment = field.kind, case .id(let stored) = values[field.position],
        let draft = form.drafts[field.position], !draft.isNone, let sent = ObjectID(draft.text), sent != stored,
        form.codes[field.position] != code.text(of: values[field.position], field)
      else { continue }
      pairs.append((field.position, sent, stored))
    }
    if pairs.isEmpty { return }
    let records = try snapshot.attachments(pairs.flatMap { [$0.sent, $0.stored] })
    for pair in pairs {
      guard let sent = records[pair.sent], let stored = records[pair.stored], let hash = sent.hash, hash == stored.hash,
        sent.fileName == stored.fileName
      else { continue }
      form.set(FieldDraft(text: pair.stored.description), at: pair.position)
    }
  }
}
