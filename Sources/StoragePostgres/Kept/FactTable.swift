import Crypto
import Storage
import Wire

/// The row of `facts` for each `DeploymentFact`, read and written in pipelines.
struct FactTable {
  let schema: DeploymentSchema

  /// The text of one fact.
  var reading: String { "SELECT value FROM \(schema.name).facts WHERE key = $1" }

  func set(_ fact: DeploymentFact, to text: String, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).facts (key, value) VALUES ($1, $2)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value
      """
    ) {
      $0.add(text: fact.rawValue)
      $0.add(text: text)
    }
  }

  /// Sets a number, unless a higher one stands there.
  func raise(_ fact: DeploymentFact, to number: Int64, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).facts AS f (key, value) VALUES ($1, $2)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE f.value::bigint < excluded.value::bigint
      """
    ) {
      $0.add(text: fact.rawValue)
      $0.add(text: String(number))
    }
  }

  /// Adds one to a number.
  func count(_ fact: DeploymentFact, in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).facts AS f (key, value) VALUES ($1, '1')
      ON CONFLICT (key) DO UPDATE SET value = (f.value::bigint + 1)::text
      """
    ) { $0.add(text: fact.rawValue) }
  }

  func remove(_ fact: DeploymentFact, in pipeline: inout PostgresPipeline) {
    pipeline.add("DELETE FROM \(schema.name).facts WHERE key = $1") { $0.add(text: fact.rawValue) }
  }

  /// A fact that is a number; 0 where it is not there.
  static func number(_ result: PostgresResult) throws -> Int64 {
    guard let text = try result.first?.text(0) else { return 0 }
    guard let number = Int64(text) else { throw StorageError.broken("a fact is \(CutText.cut(text)), and no number") }
    return number
  }

  /// A fact that is bytes, in Base64; nil where it is not there.
  static func bytes(_ result: PostgresResult) throws -> [UInt8]? {
    guard let text = try result.first?.text(0) else { return nil }
    guard let bytes = Base64.decode(text) else { throw StorageError.broken("a fact is no Base64") }
    return bytes
  }
}
