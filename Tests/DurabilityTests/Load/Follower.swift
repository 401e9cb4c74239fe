import JSON
import ServerUnderTest
import Storage

/// One who follows the change feed over HTTP: all that it was told, and where it stands.
struct Follower: Sendable {
  struct Entry: Equatable, Sendable {
    let sequence: Int64
    let change: Change
  }

  /// Whether it waits for changes, or asks again and again.
  let waits: Bool
  /// Entries in one answer at most: small pages end in the middle of groups.
  let limit: Int
  private(set) var entries: [Entry] = []
  /// Each feed id that an answer had, in order.
  private(set) var feeds: [String] = []
  private(set) var next = "0"

  init(waits: Bool, limit: Int) {
    self.waits = waits
    self.limit = limit
  }

  /// What it asks next; one who only reads to the end waits for nothing.
  func path(toEnd: Bool) -> String {
    "oplog.json?start=\(next)&limit=\(limit)\(waits && !toEnd ? "&wait=1" : "")"
  }

  /// Takes an answer in; how many entries it had, and whether there are more.
  mutating func take(_ answer: Answer) throws -> (count: Int, hasMore: Bool) {
    guard answer.status == 200 else { throw TestFault("\(answer.status): \(answer.text.prefix(500))") }
    let root = try answer.json
    if let feed = answer[header: "x-sojourn-feed"], feeds.last != feed { feeds.append(feed) }
    var count = 0
    for entry in root["entries"]?.elements.map({ $0 }) ?? [] {
      guard let sequence = entry["sequence"]?.number?.integer, entry["sequence_id"]?.string == "\(sequence)",
        let word = entry["operation"]?.string, let operation = Self.operations[word],
        let id = entry["object"]?["id"]?.string, let number = entry["object"]?["number"]?.number?.integer
      else { throw TestFault("an entry that cannot be read: \(entry.rawText)") }
      entries.append(Entry(sequence: sequence, change: Change(id: id, operation: operation, number: number)))
      count += 1
    }
    guard let next = root["next_request_start"]?.string, let hasMore = root["has_more"]?.bool else {
      throw TestFault("an answer without next_request_start or has_more: \(answer.text.prefix(500))")
    }
    self.next = next
    return (count, hasMore)
  }

  private static let operations: [String: OplogEntry.Operation] = [
    "create": .create, "update": .update, "delete": .delete,
  ]

  /// Where the sequences do not rise.
  var falls: [String] {
    zip(entries, entries.dropFirst()).filter { $1.sequence <= $0.sequence }
      .map { "\($1.sequence) follows \($0.sequence)" }
  }
}
