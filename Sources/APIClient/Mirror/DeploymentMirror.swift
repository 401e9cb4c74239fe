import JSON
import Wire

/// Keeps files equal to a deployment: loads all objects by cursor, and then follows the change feed from
/// the first page's sequence on.
///
/// ```swift
/// let summary = try await DeploymentMirror(client, deployment: id, into: "mirror").run()
/// ```
///
/// It loads anew when the feed's id or the data model changes, and when the position from which it would
/// read on was trimmed: then what it holds can no longer be brought up to date change by change.
package struct DeploymentMirror: Sendable {
  /// Whether to end when everything that is there has been read.
  package var isOnce = false
  /// How long one request waits for changes.
  package var waitSeconds = 30
  package var schedule = RetrySchedule.patient
  package var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  /// Told in sentences what a person may want to know.
  package var note: @Sendable (String) -> Void = { _ in }

  private let transport: any APITransport
  private let deployment: String
  private let directory: MirrorDirectory

  /// Loads in a row without a page of changes in between.
  private static let mostLoads = 5
  private static let pageSize = 1000
  /// How long to wait for a server that is away, once the tries of a request are used up.
  private static let rest = Duration.seconds(10)

  /// - Throws: `MirrorError.file` where the directory cannot be used.
  package init(_ transport: some APITransport, deployment: String, into path: String) throws(MirrorError) {
    self.transport = transport
    self.deployment = deployment
    directory = try MirrorDirectory(path)
  }

  /// Runs until everything is there, if `isOnce`; else until the task is cancelled or an error that will
  /// not pass.
  package func run() async throws(MirrorError) -> MirrorSummary {
    var summary = MirrorSummary()
    var state = try directory.state()
    if let known = state, known.deployment != deployment {
      throw .file(directory.path, "it holds a mirror of the deployment \(known.deployment); choose another directory")
    }
    // From before the first write: whatever was written and trimmed since, 0 would not show it.
    if state?.next == "0" { state = nil }
    var loads = 0
    while true {
      do throws(MirrorError) {
        if let known = state {
          guard let reason = try await follow(from: known, &summary, &loads) else { return summary }
          note("Loading anew, because \(reason).")
          state = nil
          guard loads < Self.mostLoads else { throw .restless(reason) }
        } else {
          loads += 1
          state = try await load(&summary)
        }
      } catch {
        guard !isOnce, error.mayPass, !Task.isCancelled else { throw error }
        note("Waiting: \(error).")
        await sleep(Self.rest)
        // Where it was read to stands in the file.
        if state != nil { state = try directory.state() }
      }
    }
  }

  // MARK: Loading.

  /// Reads all objects. Nil where the data model changed meanwhile.
  private func load(_ summary: inout MirrorSummary) async throws(MirrorError) -> MirrorState? {
    let former = try directory.state()
    summary.loads += 1
    let answer = try await send("datamodel.json", query: [])
    guard answer.status == 200 else { throw answer.refusal }
    let root = try Self.root(of: answer)
    guard let hash = root["datamodel_hash"]?.string, let models = root["models"], models.isObject else {
      throw .badAnswer("datamodel.json has no 'models'; is the base URL that of a deployment?")
    }
    let names = models.members.map(\.key)
    if let bad = names.first(where: { !MirrorState.isModelName($0) }) {
      throw .badAnswer("'\(CutText.cut(bad))' is no name of a model")
    }
    var next: String?
    var files: [ReplacementFile] = []
    summary.objects = 0
    for name in names {
      let file = try ReplacementFile(replacing: directory.file(of: name))
      guard try await load(name, into: file, next: &next, &summary) else { return nil }
      try file.sync()
      files.append(file)
    }
    let state = MirrorState(
      deployment: deployment, feedID: answer.header("x-sojourn-feed"), dataModelHash: hash, next: next ?? "0",
      models: names,
      former: ((former?.models ?? []) + (former?.former ?? [])).filter { !names.contains($0) })
    try directory.put(files, state)
    return state
  }

  /// False where the model is no longer there.
  private func load(
    _ model: String, into file: ReplacementFile, next: inout String?, _ summary: inout MirrorSummary
  ) async throws(MirrorError) -> Bool {
    var cursor: String?
    repeat {
      let after = cursor.map { [(name: "after", value: $0)] } ?? []
      let answer = try await send(
        "objects", "\(model).json", query: [("limit", "\(Self.pageSize)"), ("total", "false")] + after)
      if answer.status == 404 { return false }
      guard answer.status == 200 else { throw answer.refusal }
      // The first page's: everything that changes from there on comes by the feed, whether a later page
      // has it already or not.
      if next == nil { next = answer.header("x-sojourn-sequence") }
      guard next != nil else { throw .badAnswer("a list has no X-Sojourn-Sequence") }
      let root = try Self.root(of: answer)
      guard let objects = root["objects"], objects.isArray else { throw .badAnswer("a list without objects") }
      var lines = ByteWriter(capacity: answer.body.count)
      for object in objects.elements {
        guard MirrorLine.append(object, to: &lines) else { throw .badAnswer("an object without an id") }
        summary.objects += 1
      }
      try lines.withBytes { bytes throws(MirrorError) in try file.append(bytes) }
      cursor = root["next"]?.string
      guard cursor != nil || root["more"]?.bool != true else {
        throw .badAnswer("a list that goes on has no cursor; the server is of an earlier version")
      }
    } while cursor != nil
    return true
  }

  // MARK: Following.

  /// Follows the feed; why all must be loaded anew, or nil when it is done.
  private func follow(
    from state: MirrorState, _ summary: inout MirrorSummary, _ loads: inout Int
  ) async throws(MirrorError) -> String? {
    var state = state
    var changes = MirrorChanges()
    var pace = MirrorPace()
    while true {
      let wait = isOnce || Task.isCancelled ? 0 : changes.isEmpty ? waitSeconds : min(waitSeconds, 1)
      let answer = try await send(
        "oplog.json", query: [("start", state.next), ("limit", "\(Self.pageSize)"), ("wait", "\(wait)")])
      if answer.status == 400 { return "the server cannot go on from where the mirror stands" }
      guard answer.status == 200 else { throw answer.refusal }
      if answer.header("x-sojourn-feed") != state.feedID { return "the deployment was restored from a copy" }
      let root = try Self.root(of: answer)
      if root["datamodel_hash"]?.string != state.dataModelHash { return "the data model was changed" }
      guard let entries = root["entries"], entries.isArray, let next = root["next_request_start"]?.string,
        let hasMore = root["has_more"]?.bool
      else { throw .badAnswer("a page of changes lacks a member") }
      for entry in entries.elements { try Self.take(entry, of: state.models, into: &changes) }
      summary.changes += entries.count
      state.next = next
      loads = 0
      let isDone = !hasMore && (isOnce || Task.isCancelled)
      if isDone || changes.isFull || (!hasMore && !changes.isEmpty && pace.isDue) {
        let start = ContinuousClock.now
        do throws(MirrorError) {
          try directory.apply(changes, state)
        } catch .file(let path, let why) where path.hasSuffix(".ndjson") {
          return "\(path) cannot be brought up to date: \(why)"
        }
        changes = MirrorChanges()
        pace.note(ContinuousClock.now - start)
      }
      summary.next = next
      if isDone { return nil }
    }
  }

  private static func take(
    _ entry: JSONValue, of models: [String], into changes: inout MirrorChanges
  ) throws(MirrorError) {
    guard let object = entry["object"], let id = MirrorLine.id(of: object), let model = object["type"]?.string,
      let operation = entry["operation"]?.string
    else { throw .badAnswer("a change without operation, type or id") }
    // Of a model that is no longer deployed.
    guard models.contains(model) else { return }
    if operation == "delete" { return changes.note(nil, of: id, in: model) }
    var line = ByteWriter(capacity: 512)
    guard MirrorLine.append(object, to: &line) else { throw .badAnswer("an object without an id") }
    changes.note(line.array, of: id, in: model)
  }

  // MARK: Requests.

  private func send(
    _ path: String..., query: [(name: String, value: String)]
  ) async throws(MirrorError) -> APIResponse {
    do throws(TransferFailure) {
      return try await transport.send(APIRequest(.get, path, query: query), retrying: schedule, sleep: sleep)
    } catch {
      throw .transfer(error)
    }
  }

  private static func root(of answer: APIResponse) throws(MirrorError) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument.read(answer.body).root
    } catch {
      throw .badAnswer("\(error)")
    }
  }
}

extension APIResponse {
  fileprivate var refusal: MirrorError { .refused(status: status, detail: status == 401 ? "" : errorDetail) }
}

/// How often a mirror writes its files while changes trickle in: rewriting a large file for each change
/// would be all that it does.
struct MirrorPace {
  private var next = ContinuousClock.now

  var isDue: Bool { ContinuousClock.now >= next }

  /// The last writing took so long: ten times that is spent otherwise, and a second at least.
  mutating func note(_ duration: Duration) { next = .now + max(.seconds(1), duration * 10) }
}

/// What a mirror did.
package struct MirrorSummary: Sendable, Equatable {
  /// How often all objects were loaded, and how many they were the last time.
  package var loads = 0
  package var objects = 0
  /// Changes that were read after that.
  package var changes = 0
  /// Where it would read on.
  package var next = ""

  package init() {}

  /// One sentence, with the end of its line.
  package var text: String {
    func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
    let loaded = loads > 0 ? "\(count(objects, "object")) loaded, " : ""
    return "Up to date: \(loaded)\(count(changes, "change")) read, next is \(next).\n"
  }

  /// One line, with its end.
  package var json: String {
    let summary: JSONNode = [
      "loads": .integer(Int64(loads)), "objects_loaded": .integer(Int64(objects)), "changes": .integer(Int64(changes)),
      "next_request_start": .text(next),
    ]
    return summary.string + "\n"
  }
}
