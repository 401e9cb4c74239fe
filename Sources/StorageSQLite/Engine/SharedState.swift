import Storage

/// What the writer of a deployment's file and those who read it tell each other.
struct SharedState: Sendable {
  let commits: CommitCount
  let readers: ReaderPool
  /// Told of each commit, after those who wrote have their answers.
  let waiters: EntryWaiters
  let users: UserSharing
  let metrics: WriterMetrics
  /// What works on the file in the background goes by, whichever node deployed.
  let deployed: ModelCache
}
