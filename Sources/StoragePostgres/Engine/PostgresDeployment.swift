import Storage

/// What the parts of a node's store of one deployment share.
struct PostgresDeployment: Sendable {
  let schema: DeploymentSchema
  let context: PostgresContext
  /// The data model in force, as far as this node has heard.
  let current: ModelCache
  /// Told of each commit that this node hears of.
  let waiters: EntryWaiters
  /// What this node knows of the feed.
  let feed: FeedState
  let users: UserSharing
  let metrics: WriterMetrics
  let groupMetrics = GroupMetrics()
  let newsLag = NewsLag()
  /// How often sessions have ended at any node, as was seen last.
  let endedSessions = RisingNumber(0)
  let measures = DeploymentMeasures()
  let totals = RememberedTotals()
  let epochs = FeedEpochs()
  /// Through which all calls of this node's store go.
  let gate = CallGate()
}
