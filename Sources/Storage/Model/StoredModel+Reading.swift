// Values as they are stored, by column number, under the data model in force.

extension StoredModel {
  /// Where the value of a stored column stands among `columns`.
  package struct Reading: Sendable {
    package let position: Int
    /// What the value goes through, where it was written under another type.
    package let conversion: ValueConversion?
  }

  /// By column number. Columns that the data model does not show are not in it: those of removed fields,
  /// and those of other types whose values read as null.
  static func readings(of columns: [StoredColumn]) -> [Int: Reading] {
    var readings: [Int: Reading] = [:]
    for (position, column) in columns.enumerated() {
      readings[column.number] = Reading(position: position, conversion: nil)
      for earlier in column.earlier {
        guard let conversion = earlier.conversion else { continue }
        readings[earlier.number] = Reading(position: position, conversion: conversion)
      }
    }
    return readings
  }

  /// An object's stored values, as an oplog entry has them, as one value for each of `columns`: what a read
  /// of the object gave then, under the data model in force now.
  package func row(of stored: [(column: Int, value: StoredValue)]) -> [StoredValue] {
    var row = [StoredValue](repeating: .null, count: columns.count)
    for (column, value) in stored {
      guard let reading = reading[column] else { continue }
      let read = reading.conversion?.value(value) ?? value
      if !read.isNull { row[reading.position] = read }
    }
    return row
  }
}
