import DataModel
import PostgresUnderTest
import Storage
import StorageUnderTest
import Testing
import Wire

@testable import StoragePostgres

/// What the functions of the schema `sojourn` give is what Swift gives.
@Suite struct TextFunctionTests {
  private func connect() throws -> PostgresConnection {
    try PostgresConnection.open(try PostgresAddress(PreparedDatabase.copy().address), as: .reader)
  }

  /// What `sql`, of one parameter's element `v`, makes of each value.
  private func map(
    _ values: [StoredValue], _ type: ColumnType, _ sql: String, to result: ColumnType, on connection: PostgresConnection
  ) throws -> [StoredValue] {
    let rows = try connection.rows("SELECT \(sql) FROM unnest($1) WITH ORDINALITY u (v, place) ORDER BY place") {
      $0.addArray(PostgresType(type)) { array in for value in values { array.add(value) } }
    }
    return try rows.map { try $0.value(0, as: result) }
  }

  @Test func lettersFoldAsInSwift() throws {
    let connection = try connect()
    let letters = (1...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }.map { String(Character($0)) }
    for start in stride(from: 0, to: letters.count, by: 100_000) {
      let part = letters[start..<min(start + 100_000, letters.count)]
      let folded = try map(part.map { .text($0) }, .text, "sojourn.casefold(v)", to: .text, on: connection)
      #expect(folded == part.map { .text(CaseFolding.folded($0)) })
    }
    let texts = ["", "abc", "ABC", "Straße ΣΊΣΥΦΟΣ", "E\u{301}A", "\u{212A}elvin", "'$f$\\]^-[", "日本A", "ıİ"]
    let folded = try map(texts.map { .text($0) }, .text, "sojourn.casefold(v)", to: .text, on: connection)
    #expect(folded == texts.map { .text(CaseFolding.folded($0)) })
  }

  @Test func numbersPrintAsInSwift() throws {
    let connection = try connect()
    var random = SplitMix(seed: 7)
    var numbers: [Double] = [
      0, 1, -1, 0.1, 1e20, 1e21, 123e18, 1e-6, 1e-7, 1.5e-7, 1e15, 1e14, 2.3e-308, -1.7e308, 0.00012,
    ]
    while numbers.count < 20_000 {
      let number = Double(bitPattern: random.next())
      if number.isFinite { numbers.append(number) }
      numbers.append(Double(Int64(truncatingIfNeeded: random.next()) >> Int64(random.next() % 60)) / 1024)
      // Numbers just between two are whole, and below 1e40.
      numbers.append(
        Double(Int64(truncatingIfNeeded: random.next()))
          * Double(sign: .plus, exponent: numbers.count % 71, significand: 1))
    }
    let printed = try map(
      numbers.map { .real($0) }, .real, "sojourn.printed_number(v)", to: .text, on: connection)
    for (number, text) in zip(numbers, printed) {
      var writer = ByteWriter(capacity: 32)
      writer.append(number: number)
      #expect(text == .text(writer.string))
    }
  }

  @Test(arguments: ValueConversion.all)
  func conversionsGiveInSQLWhatTheyGiveInSwift(_ conversion: ValueConversion) throws {
    guard let sql = ColumnSQL.text(of: "v", through: conversion) else { return }
    let connection = try connect()
    let type = ColumnType(of: conversion.from)
    let values = Self.samples(of: type)
    let found = try map(values, type, sql, to: ColumnType(of: conversion.to), on: connection)
    for (value, found) in zip(values, found) {
      // Reads ask of a stored value alone, and no field stores a boolean of other numbers.
      if conversion.from == .boolean, value != .integer(0), value != .integer(1) { continue }
      #expect(found == conversion.value(value), "\(value) from \(conversion.from) to \(conversion.to)")
    }
  }

  private static func samples(of type: ColumnType) -> [StoredValue] {
    switch type {
    case .integer:
      ([
        0, 1, -1, 15_736, 11_016, -719_162, -719_163, 2_932_896, 2_932_897, 253_402_300_799, 253_402_300_800,
        -62_135_596_800, -62_135_596_801, 1_359_623_100, .max, .min,
      ] as [Int64]).map { .integer($0) }
    case .real: ([0, 0.5, -1e300, 1e21, 1400.25, 1e-7, 1e20] as [Double]).map { .real($0) }
    case .text:
      ["", "true", "TRUE", "False", "0", "1", "2", " true", "a\"b", "\\", "/", "\u{1}", "\u{7f}", "\u{1F600}", "\n\t"]
        .map { .text($0) }
    case .id: []
    }
  }
}
