import Crypto
import Storage
import Wire

extension PostgresRow {
  /// Seconds since 1970; nil for null.
  func instantIfAny(_ column: Int) throws(StorageError) -> Instant? {
    guard let seconds = try integerIfAny(column) else { return nil }
    guard let instant = Instant(secondsSince1970: seconds) else { throw .broken("\(seconds) is no time") }
    return instant
  }

  func instant(_ column: Int) throws(StorageError) -> Instant {
    guard let instant = try instantIfAny(column) else { throw .broken("column \(column) of a result has no time") }
    return instant
  }

  /// Nil for null.
  func hashIfAny(_ column: Int) throws(StorageError) -> ContentHash? {
    guard let bytes = try bytesIfAny(column) else { return nil }
    guard let hash = ContentHash(bytes: bytes) else { throw .broken("a hash of \(bytes.count) bytes") }
    return hash
  }

  func hash(_ column: Int) throws(StorageError) -> ContentHash {
    guard let hash = try hashIfAny(column) else { throw .broken("column \(column) of a result has no hash") }
    return hash
  }
}

extension PostgresParameters {
  mutating func add(instant: Instant?) { add(integer: instant?.secondsSince1970) }

  /// For `= ANY` and `unnest`.
  mutating func add(ids: some Sequence<ObjectID>) { addArray(.id) { for id in ids { $0.add(id: id) } } }

  mutating func add(hashes: some Sequence<ContentHash>) {
    addArray(.bytes) { for hash in hashes { $0.add(bytes: hash.bytes) } }
  }

  mutating func add(integers: some Sequence<Int64>) {
    addArray(.integer) { for integer in integers { $0.add(integer: integer) } }
  }

  /// One value of each row, for `unnest`.
  mutating func add<Row>(
    _ type: PostgresType, ofEach rows: [Row], _ value: (inout PostgresArray, Row) -> Void
  ) {
    addArray(type) { for row in rows { value(&$0, row) } }
  }
}

extension PostgresArray {
  mutating func add(integer: Int64?) { if let integer { add(integer: integer) } else { addNull() } }
  mutating func add(text: String?) { if let text { add(text: text) } else { addNull() } }
  mutating func add(bytes: [UInt8]?) { if let bytes { add(bytes: bytes) } else { addNull() } }
}
