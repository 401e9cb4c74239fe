import DataModel
import Storage
import Wire

/// How a webhook is, for people and for metrics.
package struct WebhookStatus: Sendable {
  package enum Condition: String, CaseIterable, Sendable {
    /// Declared and never enabled.
    case new
    case disabled
    case enabled
    /// Its endpoint has failed too often: it tries once a minute.
    case suspended
    /// Enabled, and the data model in force does not declare it.
    case undeclared
  }

  package let name: String
  package let condition: Condition
  package let model: String?
  package let kind: WebhookDeclaration.Kind?
  package let receiver: WebhookDeclaration.Receiver?
  package let action: String?
  package let url: String?
  /// The first sequence that was not looked at.
  package let position: Int64
  /// Entries of its model from there on, which no delivery was made of yet; not counted beyond `mostCounted`.
  package internal(set) var behind = 0
  package static let mostCounted = 100_000
  package let waiting: Int
  package let parked: Int
  package let failuresInRow: Int
  package let delivered: Int64
  package let failed: Int64
  /// When the next secret was made; nil where there is one secret alone.
  package let nextSecretMadeAt: Instant?
  package var hasNextSecret: Bool { nextSecretMadeAt != nil }
  /// Milliseconds since 1970.
  package let suspendedSince: Int64?
  /// Of the oldest entry that waits or was not looked at.
  package internal(set) var oldest: Int64?
  /// How old the oldest entry is that waits; 0 where none does.
  package let lagMilliseconds: Int64

  init(name: String, declared: DeclaredWebhook?, state: WebhookState?, at now: Int64) {
    self.name = name
    let declaration = declared?.declaration
    model = declared?.model.name
    kind = declaration?.kind
    receiver = declaration?.receiver
    action = declaration?.action
    url = state?.record.url
    position = state?.cursor.position ?? 0
    waiting = state?.cursor.waitingCount ?? 0
    parked = state?.cursor.parkedCount ?? 0
    failuresInRow = state?.cursor.failuresInRow ?? 0
    delivered = state?.record.delivered ?? 0
    failed = state?.record.failed ?? 0
    nextSecretMadeAt = state?.secrets.next?.madeAt
    suspendedSince = state?.cursor.suspendedSince
    oldest = state?.cursor.oldest
    lagMilliseconds = state?.cursor.oldest.map { WebhookCursor.age(of: $0, at: now) } ?? 0
    if let state {
      condition =
        !state.isEnabled
        ? .disabled : declared == nil ? .undeclared : state.cursor.isSuspended ? .suspended : .enabled
    } else {
      condition = .new
    }
  }
}
