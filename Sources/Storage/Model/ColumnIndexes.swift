/// From the column numbers of a stored state to the slots of a row under a data model: what alone
/// knows which of an old entry's values the model of today still has. It gives what `StoredModel.row(of:)`
/// gives, for pages of entries and without an allocation.
package struct ColumnIndexes {
  private let numbers: [Int]
  private let kinds: [RowPage.Kind]
  private let readings: [Int: StoredModel.Reading]

  /// Nil for a model that is no longer deployed: it has no columns.
  package init(_ model: StoredModel?) {
    let columns = model?.columns ?? []
    numbers = columns.map(\.number)
    kinds = columns.map { RowPage.Kind($0.type) }
    readings = StoredModel.readings(of: columns)
  }

  @inline(__always)
  private func position(of number: Int, from next: Int) -> Int? {
    // Nulls are left out of states: a few columns are tried before the dictionary is asked.
    for position in next..<max(next, min(next &+ 4, numbers.count)) where numbers[position] == number {
      return position
    }
    return nil
  }

  /// Sets the values of a state in the last row of `rows`, which is all null beside its leading columns;
  /// what the model no longer has is left out. False where the bytes are no state of it.
  package func read(_ state: UnsafeRawBufferPointer, into rows: inout RowFiller) -> Bool {
    // States list their columns in the order of the model when they were written: most often the next
    // one is the next one here.
    var next = 0
    return StateCoding.walk(state) { number, item in
      if let position = position(of: number, from: next) {
        next = position &+ 1
        return set(item, at: position, in: &rows)
      }
      guard let reading = readings[number] else { return true }
      next = reading.position &+ 1
      guard let conversion = reading.conversion else { return set(item, at: reading.position, in: &rows) }
      return set(converted: conversion.value(StoredValue(item)), at: reading.position, in: &rows)
    }
  }

  /// A slot of another kind would be read as what it is not.
  @inline(__always)
  private func set(_ item: StateCoding.Item, at position: Int, in rows: inout RowFiller) -> Bool {
    let slot = RowPage.Lead.count &+ position
    switch item {
    case .integer(let integer) where kinds[position] == .integer: rows.set(slot, integer: integer)
    case .real(let real) where kinds[position] == .real: rows.set(slot, real: real)
    case .id(let id) where kinds[position] == .id: rows.set(slot, id: id)
    case .text(let text) where kinds[position] == .text: rows.set(slot, text: text)
    default: return false
    }
    return true
  }

  private func set(converted value: StoredValue, at position: Int, in rows: inout RowFiller) -> Bool {
    switch value {
    case .null: true
    case .integer(let integer): set(.integer(integer), at: position, in: &rows)
    case .real(let real): set(.real(real), at: position, in: &rows)
    case .id(let id): set(.id(id), at: position, in: &rows)
    case .text(var text): text.withUTF8 { set(.text(UnsafeRawBufferPointer($0)), at: position, in: &rows) }
    }
  }
}

extension StoredValue {
  fileprivate init(_ item: StateCoding.Item) {
    switch item {
    case .integer(let integer): self = .integer(integer)
    case .real(let real): self = .real(real)
    case .id(let id): self = .id(id)
    case .text(let text): self = .text(String(decoding: text, as: UTF8.self))
    }
  }
}

extension RowPage.Kind {
  fileprivate init(_ type: ColumnType) {
    switch type {
    case .integer: self = .integer
    case .real: self = .real
    case .text: self = .text
    case .id: self = .id
    }
  }
}
