import Wire

/// A page of the oplog while an engine fills it, entry by entry.
package struct OplogPageFiller {
  private let byNumber: [Int: StoredModel]
  private var entries: [OplogPage.Entry] = []
  private var groups: [Group] = []
  private var indexes: [Int: Int] = [:]
  /// The index of the group of the entry before: runs of one model are the rule.
  private var recent = 0

  /// Bytes that the page holds, about.
  package private(set) var byteCount = 0

  private final class Group {
    let number: Int
    let model: StoredModel?
    let columns: ColumnIndexes
    var rows: RowFiller

    init(number: Int, model: StoredModel?) {
      self.number = number
      self.model = model
      columns = ColumnIndexes(model)
      rows = RowFiller(columns: model?.columns.count ?? 0, rows: 64)
    }

    /// The rows so far; none are left.
    func finish() -> RowPage {
      var taken = RowFiller(columns: 0, rows: 1)
      swap(&rows, &taken)
      return taken.finish()
    }
  }

  package init(under model: StoredDataModel) {
    byNumber = Dictionary(model.models.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// `state` is read as `StateCoding` wrote it.
  /// - Throws: `StorageError.broken` where it is none.
  package mutating func append(
    sequence: Int64, model number: Int, operation: Int, id: ObjectID, updatedAt: Int64, state: UnsafeRawBufferPointer,
    origin: String? = nil
  ) throws(StorageError) {
    guard let operation = OplogEntry.Operation(rawValue: operation) else {
      throw .broken("oplog entry \(sequence) has the operation \(operation)")
    }
    let index = index(ofModel: number)
    let group = groups[index]
    let before = group.rows.byteCount
    group.rows.appendNulls()
    group.rows.set(RowPage.Lead.id, id: id)
    group.rows.set(RowPage.Lead.updatedAt, integer: updatedAt)
    group.rows.set(RowPage.Lead.sequence, integer: sequence)
    if group.model != nil, !group.columns.read(state, into: &group.rows) {
      throw .broken("oplog entry \(sequence) cannot be read")
    }
    entries.append(
      OplogPage.Entry(
        sequence: sequence, operation: operation, group: index, row: group.rows.count - 1, origin: origin))
    byteCount += group.rows.byteCount - before
  }

  private mutating func index(ofModel number: Int) -> Int {
    if recent < groups.count, groups[recent].number == number { return recent }
    if let known = indexes[number] {
      recent = known
    } else {
      recent = groups.count
      indexes[number] = recent
      groups.append(Group(number: number, model: byNumber[number]))
    }
    return recent
  }

  /// The page of what was appended; the next one begins.
  package mutating func finish() -> OplogPage {
    defer {
      entries = []
      groups = []
      indexes = [:]
      recent = 0
      byteCount = 0
    }
    return OplogPage(
      entries: entries,
      groups: groups.map { OplogPage.Group(number: $0.number, model: $0.model, rows: $0.finish()) })
  }
}
