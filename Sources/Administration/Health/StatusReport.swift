import JSON
import Storage
import Wire

/// How a data directory is: what `sojourn status` shows and `sojourn doctor` judges.
package struct StatusReport: Sendable, Equatable, JSONRecord {
  package var place = PlaceFacts()
  package var deployments: [DeploymentStatus] = []

  package init(_ place: PlaceFacts = PlaceFacts(), _ deployments: [DeploymentStatus] = []) {
    (self.place, self.deployments) = (place, deployments)
  }

  package static var blank: StatusReport { StatusReport() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try place.visit(&members)
    try members.member("deployments", &deployments, .list(.record))
  }
}

/// How one deployment is, and how far behind it those are that follow it.
package struct DeploymentStatus: Sendable, Equatable, JSONRecord {
  package var id = ""
  package var name = ""
  package var environment = ""
  /// Why it cannot be used, or what of it cannot be read.
  package var problem: String?
  /// Whether the last write succeeded.
  package var isFit = true
  /// Of the change feed; 0 while it is empty.
  package var lastSequence: Int64 = 0
  package var lastChangeAt: Instant?
  /// Programs that wait at the end of the change feed now. Where others have come to, they alone know.
  package var followers = 0
  /// Those that the data model declares or that have something to send.
  package var webhooks: [WebhookLag] = []
  package var pendingIndexes: [PendingIndex] = []

  package init(id: String = "", name: String = "") { (self.id, self.name) = (id, name) }

  package static var blank: DeploymentStatus { DeploymentStatus() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .text)
    try members.member("name", &name, .text)
    try members.member("environment", &environment, .text)
    try members.member("problem", &problem, .optional(.text))
    try members.member("writes_succeed", &isFit, .flag)
    try members.member("last_sequence", &lastSequence, .decimal)
    try members.member("last_change_at", &lastChangeAt, .optional(.time))
    try members.member("followers", &followers, .count)
    try members.member("webhooks", &webhooks, .list(.record))
    try members.member("pending_indexes", &pendingIndexes, .list(.record))
  }
}

/// How far a webhook is behind.
package struct WebhookLag: Sendable, Equatable, JSONRecord {
  package var name = ""
  package var state = ""
  /// Entries of the change feed of which no delivery was made yet.
  package var behind = 0
  package var waiting = 0
  package var parked = 0
  /// The age of the oldest that waits.
  package var lagMilliseconds: Int64 = 0

  package init(name: String = "", state: String = "") { (self.name, self.state) = (name, state) }

  package static var blank: WebhookLag { WebhookLag() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("name", &name, .text)
    try members.member("state", &state, .text)
    try members.member("behind", &behind, .count)
    try members.member("waiting", &waiting, .count)
    try members.member("parked", &parked, .count)
    try members.member("lag_ms", &lagMilliseconds, .integer(.min ... .max))
  }
}

/// An index that is not built yet.
package struct PendingIndex: Sendable, Equatable, JSONRecord {
  package var model = ""
  package var name = ""
  package var objects = 0

  package init(model: String = "", name: String = "", objects: Int = 0) {
    (self.model, self.name, self.objects) = (model, name, objects)
  }

  package static var blank: PendingIndex { PendingIndex() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("model", &model, .text)
    try members.member("name", &name, .text)
    try members.member("objects", &objects, .count)
  }
}
