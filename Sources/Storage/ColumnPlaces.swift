import Wire

/// From the column numbers of a stored state to the slots of a row under a data model: the one place that
/// knows which of an old entry's values the model of today still has.
package struct ColumnPlaces {
  private let numbers: [Int]
  private let kinds: [RowPage.Kind]
  private let positions: [Int: Int]

  /// Nil for a model that is no longer deployed: it has no columns.
  package init(_ model: StoredModel?) {
    let columns = model?.columns ?? []
    numbers = columns.map(\.number)
    kinds = columns.map { RowPage.Kind($0.type) }
    positions = Dictionary(
      columns.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @inline(__always)
  private func position(of number: Int, from next: Int) -> Int? {
    // Nulls are left out of states: a few places are tried before the dictionary is asked.
    for position in next..<max(next, min(next &+ 4, numbers.count)) where numbers[position] == number {
      return position
    }
    return positions[number]
  }

  /// Sets the values of a state in the last row of `rows`, which is all null beside its leading columns;
  /// what the model no longer has is left out. False where the bytes are no state of it.
  package func read(_ state: UnsafeRawBufferPointer, into rows: inout RowFiller) -> Bool {
    // States list their columns in the order of the model when they were written: most often the next
    // one is the next one here.
    var next = 0
    return StateCoding.walk(state) { number, item in
      guard let position = position(of: number, from: next) else { return true }
      next = position &+ 1
      let slot = RowPage.Lead.count &+ position
      // A slot of another kind would be read as what it is not.
      switch item {
      case .integer(let integer) where kinds[position] == .integer: rows.set(slot, integer: integer)
      case .real(let real) where kinds[position] == .real: rows.set(slot, real: real)
      case .id(let id) where kinds[position] == .id: rows.set(slot, id: id)
      case .text(let text) where kinds[position] == .text: rows.set(slot, text: text)
      default: return false
      }
      return true
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
