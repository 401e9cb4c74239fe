import Wire

/// A value of a statement, where statements are few and their values many. Nil is null of that type.
package enum SQLValue: Sendable {
  case integer(Int64?)
  case text(String?)
  case blob([UInt8]?)

  /// What an engine binds. PostgreSQL's texts cannot hold U+0000, which an address or a form may bring: in its place
  /// stands U+FFFD, whatever the engine.
  package var bound: SQLValue {
    guard case .text(let text?) = self, text.utf8.contains(0) else { return self }
    return .text(String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })))
  }

  static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
  static func time(_ time: Instant?) -> SQLValue { .integer(time?.secondsSince1970) }
}

/// A row of an answer. Columns count from 0.
package protocol TableRow: SendableMetatype {
  func isNull(_ column: Int) -> Bool
  func integer(_ column: Int) throws -> Int64
  func text(_ column: Int) throws -> String
  func blob(_ column: Int) throws -> [UInt8]
}

extension TableRow {
  func flag(_ column: Int) throws -> Bool { try integer(column) != 0 }

  func integerOrNil(_ column: Int) throws -> Int64? { isNull(column) ? nil : try integer(column) }
  func textOrNil(_ column: Int) throws -> String? { isNull(column) ? nil : try text(column) }
  func blobOrNil(_ column: Int) throws -> [UInt8]? { isNull(column) ? nil : try blob(column) }

  func time(_ column: Int) throws -> Instant {
    guard let time = try timeOrNil(column) else { throw StorageError.broken("a time of the control store is none") }
    return time
  }

  func timeOrNil(_ column: Int) throws -> Instant? {
    try integerOrNil(column).flatMap { Instant(secondsSince1970: $0) }
  }
}
