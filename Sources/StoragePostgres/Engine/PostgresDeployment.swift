import Storage

/// What the parts of a node's store of one deployment share.
struct PostgresDeployment: Sendable {
  let schema: DeploymentSchema
  let context: PostgresContext
  /// The data model in force, as far as this node has heard.
  let current: ModelCache
  /// Told of each commit that this node hears of.
  let waiters: EntryWaiters
  let users: UserSharing
  let metrics: WriterMetrics
}
