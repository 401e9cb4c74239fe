import DataModel
import Deployments
import HTTPServer
import Objects
import Storage
import Wire

/// `datamodel.json`, `datamodel.xml`, `info.json` and `indexes.json` (api.md section 12).
struct DeploymentAnswers {
  let deployment: Deployment
  let head: RequestHead

  func dataModelJSON() -> Response {
    let model = deployment.store.dataModel.model
    var writer = ByteWriter(capacity: 16_384)
    let appUser = deployment.value(of: .appUser)
    model.appendJSON(to: &writer, appUser: appUser.flatMap { model[$0]?.name })
    return tagged(writer.detach(), type: TextType.json)
  }

  func dataModelXML() -> Response {
    tagged(ByteBlock(deployment.store.dataModel.model.xml), type: TextType.xml)
  }

  private func tagged(_ block: ByteBlock, type: String) -> Response {
    tagged(block, EntityTag(of: block.bytes), headers: [("Content-Type", type)])
  }

  /// What a client may keep and ask about again.
  func tagged(_ block: ByteBlock, _ tag: EntityTag, headers: [(name: String, value: String)]) -> Response {
    let named = tag.named(by: head.headers["if-none-match"])
    let lead = [
      (name: "ETag", value: named ?? tag.text), (name: "Cache-Control", value: "no-cache"),
      (name: "Vary", value: "Accept-Encoding"),
    ]
    if named != nil { return Response(status: 304, headers: lead) }
    return Response(status: 200, headers: lead + headers, body: .block(block))
  }

  func info() -> ByteBlock {
    let record = deployment.record
    let stored = deployment.store.dataModel
    var writer = ByteWriter(capacity: 512)
    Self.append("label", deployment.value(of: .label) ?? record.name, to: &writer)
    Self.append("app_label", deployment.value(of: .appLabel), to: &writer)
    Self.append("app_id", record.appID, to: &writer)
    Self.append("org_id", deployment.value(of: .organisationID), to: &writer)
    Self.append("region", deployment.value(of: .region), to: &writer)
    Self.append("environment", record.environment, to: &writer)
    Self.append("last_deployed_at", stored.deployedAt.description, to: &writer)
    Self.append("deployed_by_name", stored.deployedBy?.name, to: &writer)
    Self.append("deployed_by_email", stored.deployedBy?.email, to: &writer)
    writer.append("}")
    return writer.detach()
  }

  private static func append(_ key: StaticString, _ value: String?, to writer: inout ByteWriter) {
    writer.append(writer.count == 0 ? "{\"" : ",\"")
    writer.append(key)
    writer.append("\":")
    if let value { writer.append(quoted: value) } else { writer.append("null") }
  }

  func indexes() async throws -> ByteBlock {
    let models = try await deployment.store.indexes()
    var writer = ByteWriter(capacity: 4096)
    writer.append("{\"models\":{")
    for (index, model) in models.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: model.model)
      writer.append(":{\"indexes\":[")
      for (index, declared) in model.indexes.enumerated() {
        if index > 0 { writer.append(",") }
        Self.append(declared, to: &writer)
      }
      writer.append("]}")
    }
    writer.append("}}")
    return writer.detach()
  }

  private static func append(_ index: StoredIndex, to writer: inout ByteWriter) {
    writer.append("{\"key\":{")
    for (number, key) in index.keys.enumerated() {
      if number > 0 { writer.append(",") }
      writer.append(quoted: key.name)
      writer.append(key.descending ? ":-1" : ":1")
    }
    writer.append("},\"name\":")
    writer.append(quoted: index.name)
    writer.append(",\"status\":")
    writer.append(quoted: index.status.rawValue)
    writer.append(",\"type\":")
    writer.append(quoted: index.kind.rawValue)
    writer.append(",\"usage_stats\":")
    if let usage = index.usage {
      writer.append("{\"queries\":")
      writer.append(integer: Int64(usage.queries))
      writer.append(",\"since\":")
      writer.append(quoted: usage.since.description)
      writer.append("}}")
    } else {
      writer.append("null}")
    }
  }
}
