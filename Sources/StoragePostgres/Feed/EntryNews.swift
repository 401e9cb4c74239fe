import Storage

/// What nodes tell each other after a commit: a notification on the one channel that all of them listen to.
struct EntryNews: Sendable, Equatable {
  static let channel = "sojourn_entries"

  let schema: DeploymentSchema
  /// The last sequence of the deployment.
  var last: Int64
  /// Whether credentials of sessions may have ended.
  var endsSessions: Bool

  init(of schema: DeploymentSchema, last: Int64, endsSessions: Bool) {
    self.schema = schema
    self.last = last
    self.endsSessions = endsSessions
  }

  /// What `text` says; nil for what no node says.
  init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, let schema = DeploymentSchema(deployment: String(parts[0])), let last = Int64(parts[1]),
      parts[2] == "0" || parts[2] == "1"
    else { return nil }
    self.init(of: schema, last: last, endsSessions: parts[2] == "1")
  }

  /// `0123456789abcdef01234567 1790000000000 0`
  var text: String { "\(schema.deployment) \(last) \(endsSessions ? 1 : 0)" }
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
