import Storage

/// What a file said of its webhooks after a commit: what a start asks of each deployment, which need not be opened for
/// it once more.
struct KnownWebhooks: Sendable {
  /// What the count of commits was before they were read; while it has not risen, they are as they were.
  let commits: Int
  let all: [WebhookRecord]
  /// Sealed.
  let signingKey: [UInt8]?
  /// Of any webhook.
  let hasDeliveries: Bool

  init(reading connection: Connection, at commits: Int) throws {
    self.commits = commits
    let tables = WebhookTables(connection: connection)
    all = try tables.webhooks()
    signingKey = try MetaTable(connection: connection).signingKey()
    hasDeliveries = try tables.hasDeliveries()
  }
}
