import DataModel
import HTTPServer
import JSON
import Objects
import People
import Storage
import Web
import Wire

extension DeploymentCall {
  /// Shows the value of one password field on the object's page: to this session, for some minutes. It is entered into
  /// the audit first.
  func reveal(_ name: String, _ id: ObjectID, _ form: PostForm) async throws -> Response {
    let field = form[RevealHTML.field]
    let (value, _) = try await reading { read in try read.password(field, of: id, try Self.model(name, read)) }
    guard let value else { return DataBrowserHandler.seeOther(.object(self.id, model: name, id)) }
    guard value.utf8.count <= RevealedFields.mostBytes else {
      throw PageFault.invalid(
        "\(field) has \(Grouped.text(value.utf8.count, "byte")), and at most "
          + "\(Grouped.text(RevealedFields.mostBytes)) are shown here. The object's JSON with password fields has it.",
        ways: [Crumb("JSON with password fields", .fullJSON(self.id, model: name, id))])
    }
    try await recordReveal("\(name) \(id.description): \(field)")
    var fields = try await shownFields(name, id)
    let until = Instant(secondsSince1970: visit.now.secondsSince1970 + PeopleSettings.revealedSeconds) ?? .last
    fields.show(RevealedFields.Field(name: field, value: value, until: until))
    try await page.people.show(
      fields.text, on: shownName(name, id), to: visitor, for: PeopleSettings.revealedSeconds)
    return DataBrowserHandler.seeOther(.object(self.id, model: name, id))
  }

  /// What the object's page shows of its password fields, where the model has some.
  func revealed(_ name: String, _ id: ObjectID) async throws -> RevealHTML? {
    guard let model = models(of: calls.view)[name], model.stored.columns.contains(where: \.isMasked) else {
      return nil
    }
    let route = Route.reveal(self.id, model: name, id)
    return RevealHTML(route: route, ticket: visit.ticket(route), shown: try await shownFields(name, id))
  }

  func recordReveal(_ what: String) async throws {
    var draft = page.people.entry(.reveal, by: visitor.person.id, visit.browser, target: what)
    draft.deployment = id
    try await page.people.record(draft)
  }

  private func shownFields(_ name: String, _ id: ObjectID) async throws -> RevealedFields {
    let shown = try await page.people.shown(on: shownName(name, id), to: visitor)
    return shown.map { RevealedFields($0.secret, at: visit.now) } ?? RevealedFields()
  }

  private func shownName(_ name: String, _ id: ObjectID) -> String {
    "fields of \(self.id) \(name) \(id.description)"
  }
}

extension PageRead {
  /// The value of a password field; nil where the object has none.
  /// - Throws: `PageFault` for what is no such field, or no such object.
  fileprivate func password(_ name: String, of id: ObjectID, _ model: ModelView) throws -> String? {
    guard let position = model.stored.position(of: name), model.stored.columns[position].isMasked else {
      throw PageFault.invalid(
        "\(model.stored.model.label) has no password field “\(CutText.cut(name))”.",
        ways: [Crumb("The object", .object(call.id, model: model.name, id))])
    }
    guard let row = try snapshot.object(model.stored, id) else { throw Self.missing(id, model, in: call.id) }
    switch row.value(0, RowPage.Lead.count + position) {
    case .text(let text): return text
    case .null: return nil
    case .integer, .real, .id:
      // As the API prints it.
      let members = try JSONDocument.read(try json(of: id, model)).root
      return members[name].map { $0["key"] ?? $0 }?.rawText
    }
  }
}
