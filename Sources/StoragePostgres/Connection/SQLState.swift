/// The five characters by which PostgreSQL names an error in every language (appendix A of its manual).
package struct SQLState: RawRepresentable, Sendable, Equatable, ExpressibleByStringLiteral {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(stringLiteral value: String) { rawValue = value }

  /// What the error belongs to: the first two characters.
  package var group: Substring { rawValue.prefix(2) }

  package static let uniqueViolation: SQLState = "23505"
  package static let readOnly: SQLState = "25006"
  package static let wrongPassword: SQLState = "28P01"
  package static let notLetIn: SQLState = "28000"
  package static let serializationFailure: SQLState = "40001"
  package static let noSuchDatabase: SQLState = "3D000"
  package static let noSuchSchema: SQLState = "3F000"
  package static let deadlock: SQLState = "40P01"
  package static let noRight: SQLState = "42501"
  package static let undefinedTable: SQLState = "42P01"
  package static let undefinedColumn: SQLState = "42703"
  package static let duplicateColumn: SQLState = "42701"
  package static let duplicateTable: SQLState = "42P07"
  package static let diskFull: SQLState = "53100"
  package static let outOfMemory: SQLState = "53200"
  package static let tooManyConnections: SQLState = "53300"
  package static let programLimit: SQLState = "54000"
  package static let lockNotAvailable: SQLState = "55P03"
  package static let canceled: SQLState = "57014"
  package static let adminShutdown: SQLState = "57P01"
  package static let startingUp: SQLState = "57P03"
  package static let noSuchFile: SQLState = "58P01"
  package static let featureNotSupported: SQLState = "0A000"
}
