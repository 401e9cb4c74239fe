import Wire

/// Changes that were read and are not in the files yet: of each object its last state alone.
struct MirrorChanges {
  /// By model and id; nil for an object that was deleted.
  private(set) var models: [String: [ObjectID: [UInt8]?]] = [:]
  private(set) var count = 0
  private(set) var bytes = 0

  /// What is kept before the files must be written: a bound on memory.
  private static let mostCount = 50_000
  private static let mostBytes = 32 << 20

  var isEmpty: Bool { models.isEmpty }
  var isFull: Bool { count >= Self.mostCount || bytes >= Self.mostBytes }

  mutating func note(_ line: [UInt8]?, of id: ObjectID, in model: String) {
    models[model, default: [:]][id] = .some(line)
    count += 1
    bytes += 64 + (line?.count ?? 0)
  }
}
