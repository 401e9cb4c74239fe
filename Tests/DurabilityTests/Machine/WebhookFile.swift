import CSQLite
import ServerUnderTest

/// How far the webhooks of a deployment are, as its file says.
struct WebhookFile {
  struct Delivery: Hashable {
    let event: String
    let sequence: Int64
  }

  /// By event: everything before it is done, or stands in `unfinished`.
  let positions: [String: Int64]
  let unfinished: Set<Delivery>
  /// The objects, in hex, for which a `ready` webhook has fired, with the entry that did it.
  let fired: [String: Delivery]

  init(_ file: OplogFile) throws {
    func text(_ row: OpaquePointer?, _ column: Int32) -> String { String(cString: sqlite3_column_text(row, column)) }
    let webhooks = try file.rows("SELECT name, position FROM hooks WHERE enabled") {
      (text($0, 0), sqlite3_column_int64($0, 1))
    }
    positions = Dictionary(uniqueKeysWithValues: webhooks)
    unfinished = Set(
      try file.rows("SELECT hook, sequence FROM hook_deliveries") {
        Delivery(event: text($0, 0), sequence: sqlite3_column_int64($0, 1))
      })
    let fired = try file.rows("SELECT lower(hex(object)), hook, sequence FROM hook_fired") {
      (text($0, 0), Delivery(event: text($0, 1), sequence: sqlite3_column_int64($0, 2)))
    }
    self.fired = Dictionary(uniqueKeysWithValues: fired)
  }
}
