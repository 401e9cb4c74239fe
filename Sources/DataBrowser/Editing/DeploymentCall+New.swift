import DataModel
import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// What the form of a new object begins with, and where it leads.
package struct NewObject: Hashable, Sendable {
  /// The object that it is to be like.
  package var copy: ObjectID?
  /// A relationship that is filled in, and the object that it leads to.
  package var relationship: String?
  package var related: ObjectID?
  package var from: Route?

  package init(copy: ObjectID? = nil, relationship: String? = nil, related: ObjectID? = nil, from: Route? = nil) {
    self.copy = copy
    self.relationship = relationship
    self.related = related
    self.from = from
  }

  package static let none = NewObject()

  init(_ query: Route.Query) {
    copy = query["copy"].flatMap { ObjectID($0) }
    if let name = query["set"], let id = query["to"].flatMap({ ObjectID($0) }) { (relationship, related) = (name, id) }
    from = query.route("from")
  }

  var pairs: [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = []
    if let copy { pairs.append(("copy", copy.description)) }
    if let relationship, let related { pairs += [("set", relationship), ("to", related.description)] }
    if let from { pairs.append(("from", from.address.text)) }
    return pairs
  }
}

extension DeploymentCall {
  /// The form of an object that is to be.
  func new(_ name: String, _ wanted: NewObject, _ form: PostForm?) async throws -> Response {
    let table = Route.table(id, model: name, .none)
    let back = SentObject.back(wanted.from?.address.text) ?? referredView ?? table
    guard let form else {
      let edit = EditCall(model: name, id: newID(), from: back)
      let (page, frame) = try await reading { try $0.newPage(edit, wanted) }
      return answer(page, in: frame)
    }
    let sent = try SentObject(form)
    if sent.act == .question { return Self.yes }
    if sent.act == .cancel { return DataBrowserHandler.seeOther(sent.from ?? table) }
    guard let objectID = sent.id else { throw PageFault.unreadableForm }
    let edit = EditCall(model: name, id: objectID, from: sent.from ?? table, sent: sent)
    if let response = try await trying({ try await create(edit, sent) }) { return response }
    return try await contended(edit, sent, isNew: true)
  }

  /// Nil where somebody else has made one with its id between reading and writing.
  private func create(_ edit: EditCall, _ sent: SentObject) async throws -> Response? {
    try await calls.planning { view in
      let (verdict, frame) = try await reading { try $0.verdict(onNew: edit, sent, second: newID()) }
      switch verdict {
      case .page(let page, let status): return answer(page, in: frame, status: status)
      case .find(let page): return answer(page, in: frame, status: 422)
      case .nothing(let sequence):
        return DataBrowserHandler.seeOther(next(edit, sent), sequence.map { Done(sequence: $0) })
      case .write(let write, _):
        let written = try await self.write(write, under: models(of: view))
        if written.failure != nil { return nil }
        return DataBrowserHandler.seeOther(next(edit, sent), Done(written))
      }
    }
  }

  func newID() -> ObjectID {
    var random = SystemRandomNumberGenerator()
    return .inOrder(atMilliseconds: page.handler.services.clock.milliseconds(), using: &random)
  }
}

extension PageRead {
  /// The form as it is opened.
  fileprivate func newPage(_ edit: EditCall, _ wanted: NewObject) throws -> EditPage {
    let model = try DeploymentCall.model(edit.model, self)
    var values = [StoredValue](repeating: .null, count: model.stored.columns.count)
    var form = ObjectForm(of: model.stored, values, code(model, edit.id))
    if let copy = wanted.copy {
      guard let row = try snapshot.object(model.stored, copy) else { throw Self.missing(copy, model, in: call.id) }
      values = self.values(of: row, model)
      for field in form.fields {
        let draft = field.draft(of: values[field.position])
        // What cannot be shown cannot be sent.
        if !draft.isLocked { form.set(draft, at: field.position) }
      }
    }
    if let name = wanted.relationship, let id = wanted.related, model.stored.model.belongsTo(name) != nil,
      let position = model.stored.position(of: name)
    {
      form.set(FieldDraft(text: id.description), at: position)
    }
    return try editPage(edit, model, .new(edit.id), form)
  }

  /// What comes of a form of a new object.
  fileprivate func verdict(onNew edit: EditCall, _ sent: SentObject, second: ObjectID) throws -> EditVerdict {
    let model = try DeploymentCall.model(edit.model, self)
    var form = ObjectForm(of: model.stored, sent.fields)
    func page(_ form: ObjectForm, _ message: EditPage.Message? = nil, id: ObjectID? = nil) throws -> EditPage {
      var page = try editPage(edit, model, .new(id ?? edit.id), form)
      page.message = message
      return page
    }
    if let asked = try asked(sent, model, &form, action: .new(call.id, model: model.name)) { return asked }
    if sent.act == .back || sent.isTaking { return .page(try page(form), status: 422) }
    let lost = ObjectForm.lost(sent.fields, of: model.stored)
    if !lost.isEmpty { return .page(try page(form, .lost(lost)), status: 422) }
    var values = [StoredValue](repeating: .null, count: model.stored.columns.count)
    for value in form.values(of: form.fields.filter { !form.isUntouched($0) }) { values[value.position] = value.value }
    if !form.isGood { return .page(try page(form), status: 422) }
    if let row = try snapshot.object(model.stored, edit.id) {
      if self.values(of: row, model) == values {
        return .nothing(sequence: row.integer(0, RowPage.Lead.sequence))
      }
      let route = Route.object(call.id, model: model.name, edit.id)
      form.rename(code(model, second))
      return .page(try page(form, .exists(route), id: second), status: 409)
    }
    return .write(PageWrite([.create(model.stored, edit.id, values)]), kept: [])
  }
}

extension ObjectForm {
  /// Whether a field of a new object has nothing in it: a password that was not typed is none.
  func isUntouched(_ field: ObjectField) -> Bool { drafts[field.position].map(field.isLeftAlone) ?? true }

  /// For an object with another id.
  mutating func rename(_ code: FieldCode) {
    for field in fields where drafts[field.position] != nil {
      settle(field.position, code.text(of: .null, field), nil)
    }
  }
}
