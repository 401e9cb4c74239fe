import Attachments
import DataModel
import Deployments
import HTTPServer
import JSON
import Objects
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  func object(_ name: String, _ id: ObjectID) async throws -> Response {
    let unready = try await unreadyIndexes()
    let from = listBefore(name)
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let fields = try read.fields(of: id, model)
      return ObjectPage(
        card: DeploymentCard(deployment), model: model.name, label: model.stored.model.label, link: fields.link,
        updatedAt: fields.updatedAt, fields: fields.html, hasFields: !model.stored.columns.isEmpty,
        related: try read.related(to: id, of: model, unready: unready),
        curl: CurlText.line(
          base: baseURL, user: self.id, path: "objects/\(PercentText.encode(model.name))/\(id.description).json"),
        from: from)
    }
    return answer(page, in: frame)
  }

  func peek(_ name: String, _ id: ObjectID) async throws -> Response {
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let fields = try read.fields(of: id, model, peeking: true)
      return PeekPage(
        card: DeploymentCard(deployment), label: model.stored.model.label, link: fields.link, fields: fields.html)
    }
    return answer(page, in: frame)
  }

  func json(_ name: String, _ id: ObjectID, asFile: Bool) async throws -> Response {
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let (json, isMasked) = try read.json(of: id, model)
      let display = try read.displays(of: [id], in: model)[id] ?? ""
      return JSONPage(
        card: DeploymentCard(deployment), label: model.stored.model.label,
        link: ObjectLink(model: model.name, id: id, display: display), json: json, isMasked: isMasked)
    }
    if !asFile { return answer(page, in: frame) }
    return Response(
      status: 200,
      headers: [
        ("Content-Type", TextType.json), ("Cache-Control", "no-store"),
        ("Content-Disposition", "attachment; filename=\"\(id.description).json\""),
      ] + PageHeaders.isolation, body: .block(ByteBlock(Array(page.json.utf8))))
  }

  /// The table from which one came, so that the trail leads back to it as it was.
  private func listBefore(_ name: String) -> ViewText {
    guard let referer = visit.head.headers["referer"], let route = Route(address: referer, origin: visit.origin),
      case .table(id, name, let view) = route
    else { return .none }
    return view
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

  func fields(of id: ObjectID, _ model: ModelView, peeking isPeek: Bool = false) throws -> Fields {
    let (includes, embedded) = includes(of: model)
    var frame = FieldFrame(
      deployment: call.id, model: model.name, includes: includes, embedded: embedded,
      attachments: try attachments(of: id, model), links: links)
    if isPeek {
      frame.mostFields = Self.fieldsOfPeek
      frame.mostBytes = ValueHTML.bytesInCell
      frame.hasFilters = false
    }
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

  private func attachments(of id: ObjectID, _ model: ModelView) throws -> [ObjectID: AttachmentRecord] {
    let positions = model.stored.columns.indices.filter { position in
      if case .field(let field) = model.stored.columns[position].source { return field.type.isAttachment }
      return false
    }
    guard !positions.isEmpty, let page = try snapshot.object(model.stored, id) else { return [:] }
    let ids = positions.compactMap { position -> ObjectID? in
      if case .id(let id) = page.value(0, RowPage.Lead.count + position) { return id }
      return nil
    }
    return try snapshot.attachments(ids)
  }

  /// As the API prints it; masked fields read null.
  fileprivate func json(of id: ObjectID, _ model: ModelView) throws -> (text: String, isMasked: Bool) {
    let read = try call.calls.object(
      model, id, including: .none, in: context, to: JSONSink(), from: snapshot)
    guard let read else { throw Self.missing(id, model, in: call.id) }
    let block = try read.answer.block()
    let text = withExtendedLifetime(block) { String(decoding: block.bytes, as: UTF8.self) }
    let masked = Set(model.stored.columns.filter(\.isPassword).map(\.name))
    if masked.isEmpty { return (text, false) }
    var writer = ByteWriter(capacity: text.utf8.count)
    writer.append("{")
    for (index, member) in try JSONDocument.read(text).root.members.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: member.key)
      writer.append(":")
      writer.append(text: masked.contains(member.key) ? "null" : member.value.rawText)
    }
    writer.append("}")
    return (writer.string, true)
  }
}
