import Attachments
import DataModel
import Deployments
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

/// What comes of an object's form, found on one snapshot.
enum EditVerdict: Sendable {
  case page(EditPage, status: Int)
  case find(FindForFieldPage)
  case write(PageWrite, kept: [String])
  /// Nothing is to be written; the sequence is of what the form has made before.
  case nothing(sequence: Int64?)
}

/// A form under way: whose it is, and where it goes on.
struct EditCall: Sendable {
  let model: String
  let id: ObjectID
  let from: Route
  /// Nil while the form is only opened.
  var sent: SentObject?
}

extension PageRead {
  func code(_ model: ModelView, _ id: ObjectID) -> FieldCode {
    FieldCode(key: call.page.people.formKey, deployment: call.id, model: model.name, id)
  }

  func values(of row: RowPage, _ model: ModelView) -> [StoredValue] {
    model.stored.columns.indices.map { row.value(0, RowPage.Lead.count + $0) }
  }

  /// The form as it is opened.
  func editPage(_ edit: EditCall) throws -> EditPage {
    let model = try DeploymentCall.model(edit.model, self)
    guard let row = try snapshot.object(model.stored, edit.id) else {
      throw Self.missing(edit.id, model, in: call.id)
    }
    let form = ObjectForm(of: model.stored, values(of: row, model), code(model, edit.id))
    let opened = row.integer(0, RowPage.Lead.sequence)
    return try editPage(edit, model, .object(try link(edit.id, model)), form, opened: opened)
  }

  func editPage(
    _ edit: EditCall, _ model: ModelView, _ subject: EditPage.Subject, _ form: ObjectForm, opened: Int64? = nil
  ) throws -> EditPage {
    var page = EditPage(
      DeploymentCard(call.deployment), .init(model.name, model.stored.model.label), subject, form, from: edit.from)
    page.notes = try notes(of: form)
    for field in form.fields {
      guard case .relationship(let target) = field.kind, models[target] != nil else { continue }
      let query = ViewText([ViewText.Pair("relationship", field.name)])
      page.notes.picks[field.position] = Route.pick(call.id, model: model.name, query).address
    }
    page.ticket = call.visit.ticket(page.action)
    page.opened = opened
    page.held = edit.sent?.held
    return page
  }

  func link(_ id: ObjectID, _ model: ModelView) throws -> ObjectLink {
    ObjectLink(model: model.name, id: id, display: try displays(of: [id], in: model)[id] ?? "")
  }

  // MARK: What was sent

  /// What comes of a form of an object that was there when it was opened.
  func verdict(on edit: EditCall, _ sent: SentObject) throws -> EditVerdict {
    let model = try DeploymentCall.model(edit.model, self)
    var form = ObjectForm(of: model.stored, sent.fields)
    guard let row = try snapshot.object(model.stored, edit.id) else { return try gone(edit, model, form) }
    let values = values(of: row, model)
    form.show(values)
    try recognize(filesOf: &form, among: values, code(model, edit.id))
    let subject = EditPage.Subject.object(try link(edit.id, model))
    func page(_ form: ObjectForm, _ message: EditPage.Message? = nil) throws -> EditPage {
      var page = try editPage(edit, model, subject, form, opened: sent.opened)
      page.message = message
      return page
    }
    if let asked = try asked(sent, model, &form, action: .edit(call.id, model: model.name, edit.id)) { return asked }
    if sent.act == .back || sent.isTaking { return .page(try page(form), status: 422) }
    let lost = ObjectForm.lost(sent.fields, of: model.stored)
    if !lost.isEmpty { return .page(try page(form, .lost(lost)), status: 422) }
    let changes = form.changes(from: values, code(model, edit.id))
    let written = form.values(of: changes.mine)
    if !changes.conflicts.isEmpty {
      var found = try page(form, .conflict)
      found.notes.conflicts = try conflicts(changes.conflicts, of: edit.id, model, row, since: sent.opened)
      found.notes.users = try users(of: found.notes.conflicts.values.compactMap(\.origin))
      return .page(found, status: 409)
    }
    if !form.isGood { return .page(try page(form), status: 422) }
    if written.isEmpty { return .nothing(sequence: nil) }
    var write = PageWrite([.patch(model.stored, edit.id, written)])
    write.preconditions = [
      .object(step: 0, .sequence(among: [row.integer(0, RowPage.Lead.sequence)]))
    ]
    return .write(write, kept: changes.kept)
  }

  /// The form as one for a new object under the old id, for what was typed is not to be lost.
  private func gone(_ edit: EditCall, _ model: ModelView, _ form: ObjectForm) throws -> EditVerdict {
    let last = try snapshot.newestEntry(of: edit.id, model.stored).map { Instant(ofSequence: $0.sequence) }
    var page = try editPage(edit, model, .new(edit.id), form)
    page.message = .gone(who: nil, at: last)
    return .page(page, status: 409)
  }

  // MARK: Beside the fields

  func notes(of form: ObjectForm) throws -> FieldNotes {
    var notes = FieldNotes()
    var wanted: [String: [ObjectID]] = [:]
    func id(of field: ObjectField) -> ObjectID? {
      form.drafts[field.position].flatMap { ObjectID($0.text.trimmed.lowercased()) }
    }
    for field in form.fields {
      guard case .relationship(let target) = field.kind, let id = id(of: field) else { continue }
      wanted[target, default: []].append(id)
    }
    for (target, ids) in wanted {
      let displays = try models[target].map { try self.displays(of: Array(Set(ids)), in: $0) }
      for field in form.fields {
        guard case .relationship(target) = field.kind, let id = id(of: field) else { continue }
        notes.related[field.position] =
          displays.map { $0[id].map { .display($0.trimmed.nonEmpty ?? "no display") } ?? .missing } ?? .hidden
      }
    }
    try addAttachments(of: form, to: &notes)
    return notes
  }

  private func addAttachments(of form: ObjectForm, to notes: inout FieldNotes) throws {
    var wanted: [(position: Int, field: Field, id: ObjectID)] = []
    for field in form.fields {
      guard case .attachment(let declared) = field.kind, let text = form.drafts[field.position]?.text,
        let id = ObjectID(text.trimmed.lowercased())
      else { continue }
      wanted.append((field.position, declared, id))
    }
    if wanted.isEmpty { return }
    let records = try snapshot.attachments(wanted.map(\.id))
    let printer = links.printer
    for one in wanted {
      let html = AttachmentHTML(printer: printer, shape: .init(one.field), id: one.id, record: records[one.id]).html
      notes.stored[one.position] = WrittenHTML(html)
    }
  }
}

extension SentObject {
  var isTaking: Bool { if case .take = act { true } else { false } }
}
