import DataModel
import JSON
import Storage
import Wire

/// A deployment that was made, with its password, which is shown this once.
package struct CreatedDeployment: Sendable, Equatable, JSONRecord {
  package var id = ""
  package var password = ""

  package var path: String { "/api/v4/\(id)" }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .text)
    try members.derived("path", path)
    try members.derived("username", id)
    try members.member("password", &password, .text)
  }
}

/// A deployment in a list.
package struct DeploymentRow: Sendable, Equatable, JSONRecord {
  package var id = ""
  package var name = ""
  package var environment = ""
  package var appID = ""
  package var createdAt = Instant.first
  /// Nil where it cannot be used.
  package var lastDeployedAt: Instant?
  package var hash: String?
  /// Why it cannot be used.
  package var problem: String?

  package var path: String { "/api/v4/\(id)" }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .text)
    try members.member("name", &name, .text)
    try members.member("environment", &environment, .text)
    try members.member("app_id", &appID, .text)
    try members.derived("path", path)
    try members.member("created_at", &createdAt, .time)
    try members.member("last_deployed_at", &lastDeployedAt, .optional(.time))
    try members.member("datamodel_hash", &hash, .optional(.text))
    try members.member("problem", &problem, .optional(.text))
  }
}

extension CreatedDeployment { package static var blank: CreatedDeployment { CreatedDeployment() } }

extension DeploymentRow {
  package static var blank: DeploymentRow { DeploymentRow() }

  init(_ record: DeploymentRecord, _ stored: StoredDataModel?, problem: String?) {
    self.init(
      id: record.id, name: record.name, environment: record.environment, appID: record.appID,
      createdAt: record.createdAt, lastDeployedAt: stored?.deployedAt, hash: stored?.model.hash, problem: problem)
  }
}
