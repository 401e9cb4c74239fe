import DataModel
import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// The data model in force, and what was deployed before it.

extension DeploymentCall {
  var seesSensitive: Bool { visitor.seesSensitive(in: id) }

  /// What a document is to hide from the visitor.
  func hidden(in models: [DataModel?]) -> HiddenModels { seesSensitive ? .none : HiddenModels(in: models) }

  func dataModel(before: Int?, done: Int?) async throws -> Response {
    let all = try await registry.deploys(of: id)
    let current = deployment.store.dataModel
    let shown = all.lazy.filter { $0.version < before ?? .max }.prefix(DataModelPage.mostDeploys)
    let last = shown.last?.version ?? 1
    let indexes = try await deployment.store.indexes()
    let byModel = Dictionary(indexes.map { ($0.model, $0.indexes) }, uniquingKeysWith: { first, _ in first })
    let (models, warnings) = (hidden(in: [current.model]), DataModelReader.read(current.model.xml).findings)
    let page = DataModelPage(
      card: DeploymentCard(deployment), deploys: Array(shown), current: current.version,
      next: all.contains { $0.version < last } ? last : nil,
      models: current.models.filter { !models.names.contains($0.name) }.map {
        line($0, byModel[$0.name] ?? [], models)
      },
      document: DocumentLines(current.model.xml, hiding: models, seesSensitive ? warnings : []),
      warnings: seesSensitive ? warnings.count : 0)
    var (_, frame) = try await reading { _ in }
    if let done, let record = all.first(where: { $0.version == done }) {
      frame.notice = Frame.Notice("Version \(record.version) was deployed.")
    }
    return answer(page, in: frame)
  }

  private func line(_ model: StoredModel, _ indexes: [StoredIndex], _ hidden: HiddenModels) -> DataModelPage.Line {
    var line = DataModelPage.Line(
      label: model.model.label, name: model.name, isSensitive: model.model.classification == .sensitive, fields: [],
      relationships: [], indexes: indexes.map(AboutPage.Index.init))
    line.fields = model.model.fields.map { DataModelPage.Part(name: $0.name, type: $0.typeText) }
    line.relationships =
      model.model.belongsTo.map { relationship in
        let end = hidden.names.contains(relationship.model) ? "a model that is not open to you" : relationship.model
        return DataModelPage.Part(name: relationship.name, type: "belongs to \(end)")
      }
      + model.model.hasMany.filter { !hidden.names.contains($0.model) }.map {
        DataModelPage.Part(name: $0.name, type: "has many \($0.model)")
      }
    return line
  }

  func modelVersion(_ version: Int, from line: Int, asFile: Bool) async throws -> Response {
    guard let (record, bytes) = try await deploy(version) else {
      throw PageFault.notFound(
        "There was no deploy of version \(version).", ways: [Crumb("Data model", .dataModel(id))])
    }
    let model = DataModelReader.read(bytes).model
    let models = seesSensitive ? .none : hiddenAnywhere(model)
    if asFile {
      guard models.names.isEmpty else {
        throw PageFault(
          403, "Not open to you", "The document tells of models that are not open to you.",
          next: "An operator can give you the mark for them.", ways: [Crumb("Data model", .dataModel(id))])
      }
      return Response(
        status: 200,
        headers: [
          ("Content-Type", "application/xml; charset=utf-8"),
          ("Content-Disposition", "attachment; filename=\"data-model-\(version).xml\""), ("Cache-Control", "no-store"),
          ("X-Content-Type-Options", "nosniff"),
        ] + PageHeaders.isolation, body: .block(ByteBlock(bytes)))
    }
    let page = ModelVersionPage(
      card: DeploymentCard(deployment), deploy: record, current: deployment.store.dataModel.version,
      document: DocumentLines(bytes, from: line, hiding: models), mayDeploy: visitor.has(.administrator, in: id))
    return answer(page, in: try await reading { _ in }.frame)
  }

  /// What is sensitive now or was so in the document itself.
  private func hiddenAnywhere(_ model: DataModel?) -> HiddenModels {
    hidden(in: [model, deployment.store.dataModel.model])
  }

  /// A deploy with its document; nil where there was none of this version.
  func deploy(_ version: Int) async throws -> (record: DeployRecord, document: [UInt8])? {
    guard let record = try await registry.deploys(of: id).first(where: { $0.version == version }),
      let document = try await deployment.store.document(ofDeploy: version)
    else { return nil }
    return (record, document)
  }
}
