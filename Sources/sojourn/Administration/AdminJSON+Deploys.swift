import Deployments
import DataModel
import Storage
import Wire

// Deploys and what they change.

extension AdminJSON {
  /// Changes that are listed; of more, the number is said.
  private static let mostChanges = 1000

  static func deployed(_ stored: StoredDataModel, _ effect: DeploymentRegistry.DeployEffect) -> String {
    var writer = ByteWriter()
    writer.append("{\"version\":")
    writer.append(integer: Int64(stored.version))
    append("datamodel_hash", stored.model.hash, to: &writer)
    append("last_deployed_at", stored.deployedAt.description, to: &writer)
    append(effect, to: &writer)
    writer.append("}")
    return writer.string
  }

  static func preview(_ model: DataModel, _ effect: DeploymentRegistry.DeployEffect) -> String {
    var writer = ByteWriter()
    writer.append("{\"datamodel_hash\":")
    writer.append(quoted: model.hash)
    append(effect, to: &writer)
    writer.append("}")
    return writer.string
  }

  static func history(_ deploys: [DeployRecord]) -> String {
    var writer = ByteWriter()
    writer.append("{\"deploys\":[")
    for (place, deploy) in deploys.enumerated() {
      writer.append(place > 0 ? ",{\"version\":" : "{\"version\":")
      writer.append(integer: Int64(deploy.version))
      append("deployed_at", deploy.at.description, to: &writer)
      append("by_name", deploy.by?.name, to: &writer)
      append("by_email", deploy.by?.email, to: &writer)
      append("datamodel_hash", deploy.hash, to: &writer)
      writer.append(",\"current\":")
      writer.append(place == 0 ? "true}" : "false}")
    }
    writer.append("]}")
    return writer.string
  }

  private static func append(_ effect: DeploymentRegistry.DeployEffect, to writer: inout ByteWriter) {
    writer.append(",\"change_count\":")
    writer.append(integer: Int64(effect.changes.count))
    writer.append(",\"changes\":[")
    for (place, change) in effect.changes.prefix(mostChanges).enumerated() {
      writer.append(place > 0 ? ",{\"kind\":" : "{\"kind\":")
      writer.append(quoted: change.kind.rawValue)
      append("model", change.model.isEmpty ? nil : change.model, to: &writer)
      append("name", change.name, to: &writer)
      append("sentence", change.sentence, to: &writer)
      // Values are hidden, or read under another type than they were written.
      writer.append(",\"touches_stored_values\":")
      writer.append(change.touchesStoredValues ? "true" : "false")
      writer.append("}")
    }
    writer.append("],\"indexes\":[")
    for (place, building) in effect.buildings.enumerated() {
      writer.append(place > 0 ? ",{\"model\":" : "{\"model\":")
      writer.append(quoted: building.model)
      append("name", building.name, to: &writer)
      writer.append(",\"objects\":")
      writer.append(integer: Int64(building.objects))
      writer.append(",\"seconds\":")
      append(estimate: building.secondsHoldingUp, to: &writer)
      writer.append("}")
    }
    writer.append("]")
    if let seconds = effect.secondsHoldingUp {
      writer.append(",\"seconds\":")
      append(estimate: seconds, to: &writer)
    }
  }

  /// To the millisecond.
  private static func append(estimate seconds: Double, to writer: inout ByteWriter) {
    writer.append(number: (seconds * 1000).rounded() / 1000)
  }

  private static func append(_ key: StaticString, _ value: String?, to writer: inout ByteWriter) {
    writer.append(",\"")
    writer.append(key)
    writer.append("\":")
    if let value { writer.append(quoted: value) } else { writer.append("null") }
  }
}
