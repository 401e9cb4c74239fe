import Storage

/// What nodes tell each other after a commit: a notification on the one channel that all of them listen to.
struct EntryNews: Sendable, Equatable {
  static let channel = "sojourn_entries"

  let schema: DeploymentSchema
  /// The last sequence of the deployment.
  var last: Int64
  /// Whether credentials of sessions may have ended.
  var endsSessions: Bool
  /// Of the data model in force, as far as who tells it has heard.
  var version: Int

  init(of schema: DeploymentSchema, last: Int64, endsSessions: Bool, version: Int) {
    self.schema = schema
    self.last = last
    self.endsSessions = endsSessions
    self.version = version
  }

  /// What `text` says; nil for what no node says.
  init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 4, let schema = DeploymentSchema(deployment: String(parts[0])), let last = Int64(parts[1]),
      parts[2] == "0" || parts[2] == "1", let version = Int(parts[3])
    else { return nil }
    self.init(of: schema, last: last, endsSessions: parts[2] == "1", version: version)
  }

  /// `0123456789abcdef01234567 1790000000000 0 3`
  var text: String { "\(schema.deployment) \(last) \(endsSessions ? 1 : 0) \(version)" }
}

/// News that wait to be told, as a value. The first after a rest is told at once, later ones are gathered while the
/// teller pauses: one for each deployment.
///
/// | state | `add` | `take` |
/// |---|---|---|
/// | resting | → telling: who added it begins | |
/// | telling | stays | with news stays, and hands them out; without any → resting |
struct NewsGathering {
  private var waiting: [DeploymentSchema: EntryNews] = [:]
  private(set) var isTelling = false

  /// True where telling is to begin.
  mutating func add(_ news: EntryNews) -> Bool {
    var gathered = waiting[news.schema] ?? news
    gathered.last = max(gathered.last, news.last)
    gathered.endsSessions = gathered.endsSessions || news.endsSessions
    gathered.version = max(gathered.version, news.version)
    waiting[news.schema] = gathered
    defer { isTelling = true }
    return !isTelling
  }

  /// What is to be told now; nothing ends the telling.
  mutating func take() -> [EntryNews] {
    assert(isTelling, "news are taken by who tells them")
    defer { waiting = [:] }
    if waiting.isEmpty { isTelling = false }
    return Array(waiting.values)
  }
}
