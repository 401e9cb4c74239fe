import Crypto
import Storage
import Wire

/// The row of `commits` that a group of writes leaves: by it a node that lost its connection knows whether the group
/// was done.
struct CommitRecord {
  let number: Int64
  /// Of the feed, with the group's entries.
  let standing: FeedStanding
  let groupID: ObjectID
  let second: Int64

  /// Of the next group behind `head`.
  init(after head: GroupHead, standing: FeedStanding, group id: ObjectID, second: Int64) {
    number = head.number + 1
    self.standing = standing
    groupID = id
    self.second = second
  }

  /// The id of a group that begins.
  static func newID() -> ObjectID {
    var random = SystemRandom()
    return .random(using: &random)
  }

  func send(in pipeline: inout PostgresPipeline, _ schema: DeploymentSchema) {
    pipeline.add(
      "INSERT INTO \(schema.name).commits (number, last_sequence, group_id, feed, at) VALUES ($1, $2, $3, $4, $5)"
    ) {
      $0.add(integer: number)
      $0.add(integer: standing.last)
      $0.add(id: groupID)
      $0.add(text: standing.feed)
      $0.add(integer: second)
    }
  }

  /// The newest counters of the models whose objects the group wrote; who only changed objects leaves them as they
  /// were, and the number says that their state is another one.
  func send(
    countersOf models: Set<Int>, _ counters: [Int: GroupState.Counter], in pipeline: inout PostgresPipeline,
    _ schema: DeploymentSchema
  ) {
    if models.isEmpty { return }
    let models = models.sorted()
    pipeline.add(
      """
      INSERT INTO \(schema.name).counters (model, number, count, last_row)
      SELECT unnest($1), $4, unnest($2), unnest($3)
      """
    ) {
      $0.addArray(.integer) { for model in models { $0.add(integer: Int64(model)) } }
      $0.addArray(.integer) { for model in models { $0.add(integer: counters[model]?.count ?? 0) } }
      $0.addArray(.integer) { for model in models { $0.add(integer: counters[model]?.lastRow ?? 0) } }
      $0.add(integer: number)
    }
  }
}
