import DataModel
import JSON
import Webhooks
import Wire

/// How a webhook is.
package struct WebhookRow: Sendable, Equatable, JSONRecord {
  /// What the data model says of it; nothing where it does not declare it.
  package struct Declaration: Sendable, Equatable {
    package var model: String?
    package var type: WebhookDeclaration.Kind?
    package var receiver: WebhookDeclaration.Receiver?
    package var action: String?
  }

  /// What it has yet to do.
  package struct Backlog: Sendable, Equatable {
    /// The first sequence that was not looked at.
    package var position: Int64?
    package var behind = 0
    package var waiting = 0
    package var parked = 0
    package var lagMilliseconds: Int64 = 0
  }

  /// How its attempts have ended.
  package struct Outcomes: Sendable, Equatable {
    package var failuresInRow = 0
    package var delivered: Int64 = 0
    package var failed: Int64 = 0
  }

  package var name = ""
  package var state = WebhookStatus.Condition.new
  package var declaration = Declaration()
  package var url: String?
  package var backlog = Backlog()
  package var outcomes = Outcomes()
  /// Whether two secrets are good.
  package var isRotating = false

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("name", &name, .text)
    try members.member("state", &state, .word)
    try members.member("model", &declaration.model, .optional(.text))
    try members.member("type", &declaration.type, .optional(.word))
    try members.member("receiver", &declaration.receiver, .optional(.word))
    try members.member("action", &declaration.action, .optional(.text))
    try members.member("url", &url, .optional(.text))
    try members.member("position", &backlog.position, .optional(.decimal))
    try members.member("behind", &backlog.behind, .count)
    try members.member("waiting", &backlog.waiting, .count)
    try members.member("parked", &backlog.parked, .count)
    try members.member("lag_ms", &backlog.lagMilliseconds, .integer(.min ... .max))
    try members.member("failures_in_row", &outcomes.failuresInRow, .count)
    try members.member("delivered", &outcomes.delivered, .count)
    try members.member("failed", &outcomes.failed, .count)
    try members.member("rotating", &isRotating, .flag)
  }
}

/// The secrets that a webhook's requests are signed with.
package struct SecretRows: Sendable, Equatable, JSONRecord {
  package var secret = ""
  package var next: String?
  package var nextMadeAt: Instant?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("secret", &secret, .text)
    try members.member("next", &next, .optional(.text))
    try members.member("next_made_at", &nextMadeAt, .optional(.time))
  }
}

extension WebhookRow {
  package static var blank: WebhookRow { WebhookRow() }

  init(_ status: WebhookStatus) {
    self.init(
      name: status.name, state: status.condition,
      declaration: Declaration(
        model: status.model, type: status.kind, receiver: status.receiver, action: status.action),
      url: status.url,
      backlog: Backlog(
        position: status.position > 0 ? status.position : nil, behind: status.behind, waiting: status.waiting,
        parked: status.parked, lagMilliseconds: status.lagMilliseconds),
      outcomes: Outcomes(
        failuresInRow: status.failuresInRow, delivered: status.delivered, failed: status.failed),
      isRotating: status.hasNextSecret)
  }
}

extension SecretRows {
  package static var blank: SecretRows { SecretRows() }

  init(_ secrets: WebhookSecrets) {
    self.init(secret: secrets.current, next: secrets.next?.secret, nextMadeAt: secrets.next?.madeAt)
  }
}
