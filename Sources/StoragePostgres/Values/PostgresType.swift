import Storage

/// The types of values that go to the database and come from it.
package enum PostgresType: Sendable {
  case integer, real, text, bytes, id, truth

  /// What PostgreSQL calls it: int8, float8, text, bytea, uuid, bool (pg_type.dat; these never change).
  var number: UInt32 {
    switch self {
    case .integer: 20
    case .real: 701
    case .text: 25
    case .bytes: 17
    case .id: 2950
    case .truth: 16
    }
  }

  /// An array of them.
  var arrayNumber: UInt32 {
    switch self {
    case .integer: 1016
    case .real: 1022
    case .text: 1009
    case .bytes: 1001
    case .id: 2951
    case .truth: 1000
    }
  }

  package init(_ type: ColumnType) {
    self =
      switch type {
      case .integer: .integer
      case .real: .real
      case .text: .text
      case .id: .id
      }
  }
}

extension [UInt8] {
  /// As the network has it: the most significant byte first.
  mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// Writes it over four bytes that are there.
  mutating func set(_ value: Int32, at index: Int) {
    precondition(index >= 0 && index + 4 <= count, "four bytes outside")
    Swift.withUnsafeBytes(of: value.bigEndian) { bytes in
      for offset in 0..<4 { self[index + offset] = bytes[offset] }
    }
  }
}
