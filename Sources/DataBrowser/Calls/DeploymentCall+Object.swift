import Attachments
import DataModel
import Deployments
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  func object(_ name: String, _ id: ObjectID) async throws -> Response {
    let unready = try await unreadyIndexes()
    let before = try await tableBefore(name)
    let isEditable = visitor.may(.editor, in: self.id) == .allowed
    let reveal = try await revealed(name, id)
    let (result, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let fields = try read.fields(of: id, model) { frame in
        frame.reveal = reveal
        frame.narrowing = Narrowing(before, of: model, in: self.id)
      }
      let last = try read.lastChange(of: id, model)
      let page = ObjectPage(
        card: DeploymentCard(deployment), model: model.name, label: model.stored.model.label, link: fields.link,
        updatedAt: fields.updatedAt, way: last?.way ?? .changed, fields: fields.html,
        hasFields: !model.stored.columns.isEmpty, related: try read.related(to: id, of: model, unready: unready),
        calls: try read.examples(of: id, model, last),
        from: before?.route ?? .table(self.id, model: model.name, .none),
        deletion: isEditable ? deletion(of: model.name, id, from: before?.route) : nil,
        narrows: before?.view.isFiltered ?? false,
        showsSecret: !(reveal?.shown.fields.isEmpty ?? true))
      return (page: page, last: last)
    }
    var page = result.page
    (page.back, page.isEditable) = (before?.route, isEditable)
    if let last = result.last, let origin = last.origin {
      page.who = try await names(of: [origin], users: last.users).words(origin)
    }
    return answer(page, in: frame)
  }

  func peek(_ name: String, _ id: ObjectID) async throws -> Response {
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let fields = try read.fields(of: id, model) { frame in
        frame.mostFields = PageRead.fieldsOfPeek
        frame.mostBytes = ValueHTML.bytesInCell
      }
      return PeekPage(
        card: DeploymentCard(deployment), label: model.stored.model.label, link: fields.link, fields: fields.html)
    }
    return answer(page, in: frame)
  }

  func json(_ name: String, _ id: ObjectID, asFile: Bool) async throws -> Response {
    let (page, frame) = try await jsonPage(name, id, isFull: false)
    return asFile ? file(page) : answer(page, in: frame)
  }

  /// With password fields, which is entered into the audit first.
  func fullJSON(_ name: String, _ id: ObjectID, asFile: Bool) async throws -> Response {
    let (page, frame) = try await jsonPage(name, id, isFull: true)
    guard page.hasPasswords else { return DataBrowserHandler.seeOther(.json(self.id, model: name, id, asFile: asFile)) }
    try await recordReveal("\(name) \(id.description): JSON with all password fields")
    return asFile ? file(page) : answer(page, in: frame)
  }

  private func jsonPage(
    _ name: String, _ id: ObjectID, isFull: Bool
  ) async throws -> (value: JSONPage, frame: Frame) {
    try await reading { read in
      let model = try Self.model(name, read)
      let json = try read.json(of: id, model)
      let display = try read.displays(of: [id], in: model)[id] ?? ""
      return JSONPage(
        card: DeploymentCard(deployment), label: model.stored.model.label,
        link: ObjectLink(model: model.name, id: id, display: display),
        json: isFull ? json : try PasswordMask(model.stored).masked(json),
        hasPasswords: model.stored.columns.contains(where: \.isMasked), isFull: isFull)
    }
  }

  private func file(_ page: JSONPage) -> Response {
    Response(
      status: 200,
      headers: [
        ("Content-Type", TextType.json), ("Cache-Control", page.showsSecret ? "no-store, no-transform" : "no-store"),
        ("Content-Disposition", "attachment; filename=\"\(page.link.id.description).json\""),
      ] + PageHeaders.isolation, body: .block(ByteBlock(Array(page.json.utf8))))
  }

  /// All values of a row of a table, with the views that they narrow.
  func row(_ name: String, _ id: ObjectID) async throws -> Response {
    let before = try await tableBefore(name)
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let narrowing = Narrowing(before, of: model, in: self.id)
      let fields = try read.fields(of: id, model) { frame in
        frame.mostBytes = ValueHTML.bytesInCell
        frame.narrowing = narrowing
        frame.isRow = true
      }
      return ValuesPage(
        card: DeploymentCard(deployment), label: model.stored.model.label, link: fields.link, fields: fields.html,
        conditions: try read.chips(narrowing.view, narrowing.links, narrowing.fields).map(\.text),
        from: before?.route ?? .table(self.id, model: model.name, .none))
    }
    return answer(page, in: frame)
  }

  /// The table of the model from which one came; nil where one came from elsewhere.
  private func tableBefore(_ name: String) async throws -> OpenedView? {
    switch visit.referer {
    case .table(id, name, let text):
      return (try? TableView(text)).map { OpenedView(view: $0, links: ViewLinks(id, name)) }
    case .view(id, let number, let text):
      guard let kept = try await keptView(number), kept.links.model == name, let view = try? TableView(text) else {
        return nil
      }
      return OpenedView(view: kept.links.kept?.put(in: view) ?? view, links: kept.links)
    default: return nil
    }
  }

  /// `flight.airline_id`: relationships whose index is not there yet.
  private func unreadyIndexes() async throws -> Set<String> {
    guard try await !deployment.store.pendingIndexes().isEmpty else { return [] }
    var unready: Set<String> = []
    for (model, indexes) in try await deployment.store.indexes() {
      for index in indexes where index.status == .pending && index.keys.count == 1 {
        unready.insert("\(model).\(index.keys[0].name)")
      }
    }
    return unready
  }
}

extension PageRead {
  struct Fields {
    let link: ObjectLink
    let updatedAt: Instant?
    let html: WrittenHTML
  }

  static let fieldsOfPeek = 8

  static func missing(_ id: ObjectID, _ model: ModelView, in deployment: String) -> PageFault {
    .notFound(
      "There is no object with the id \(id.description) in \(model.stored.model.label).",
      ways: [
        Crumb(model.stored.model.label, .table(deployment, model: model.name, .none)),
        Crumb("Find it elsewhere", .find(deployment, text: id.description)),
      ])
  }

  func fields(of id: ObjectID, _ model: ModelView, _ change: (inout FieldFrame) -> Void) throws -> Fields {
    let (includes, embedded) = includes(of: model)
    var frame = FieldFrame(
      deployment: call.id, model: model.name, includes: includes, embedded: embedded, attachments: links.printer,
      models: models)
    change(&frame)
    let sink = FieldSink(frame)
    let read = try call.calls.object(model, id, including: includes, in: context, to: sink, from: snapshot)
    guard let read else { throw Self.missing(id, model, in: call.id) }
    return Fields(
      link: ObjectLink(model: model.name, id: id, display: sink.display), updatedAt: sink.updatedAt,
      html: WrittenHTML(bySink: try read.answer.block()))
  }

  /// The first relationships to models that are there for the visitor, as many as the API embeds.
  private func includes(of model: ModelView) -> (Includes, embedded: Int?) {
    let names = model.stored.model.belongsTo.filter { models[$0.model] != nil }.map(\.name).prefix(IncludePaths.limit)
    let paths = try? IncludePaths(names.joined(separator: ","))
    let includes = paths.flatMap { try? Includes($0, of: model, in: models.view) } ?? .none
    return (includes, includes.isEmpty ? nil : names.first.flatMap { model.stored.position(of: $0) })
  }

  /// As the API prints it.
  func json(of id: ObjectID, _ model: ModelView) throws -> String {
    let read = try call.calls.object(model, id, including: .none, in: context, to: JSONSink(), from: snapshot)
    guard let read else { throw Self.missing(id, model, in: call.id) }
    let block = try read.answer.block()
    return withExtendedLifetime(block) { String(decoding: block.bytes, as: UTF8.self) }
  }
}
