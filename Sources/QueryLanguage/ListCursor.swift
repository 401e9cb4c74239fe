import Crypto
import Storage
import Wire

/// Where a page of a list ended, as the opaque text `next` that continues the list as `after`
/// (api.md section 13 «Cursor»).
///
/// It holds a version, a fingerprint of the query, and where the last object stood. It is a position and
/// no permission, so it is not signed: whoever forges one has asked for another part of a list that he
/// may read anyhow. It outlives deploys that leave the model's queried columns alone.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version and form |
/// | 8 | fingerprint: the beginning of a SHA-256 over model, sort keys and filter |
/// | then | the position's values as in the oplog (`StateCoding`), numbered from 1; or a reference |
package struct ListCursor: Sendable, Equatable {
  package enum End: Sendable, Equatable {
    case position(ListPosition)
    /// The sort keys hold too long a text: the values stand in the oplog entry of the object's last write.
    case reference(EntryReference)
  }

  package struct EntryReference: Sendable, Equatable {
    package let sequence: Int64
    package let row: Int64
    /// The beginning of a SHA-256 over the values.
    package let digest: [UInt8]
  }

  package let end: End
  private let fingerprint: [UInt8]

  /// The most bytes of values that a cursor holds itself, so that it fits a URL well.
  static let inlineBytes = 1024
  /// The most bytes of text that are looked at.
  static let textBytes = 2048
  private static let digestBytes = 8

  private enum Form {
    static let position: UInt8 = 0x11
    static let reference: UInt8 = 0x12
  }

  /// The cursor behind an object that was written last at `sequence` and is number `row` in the order of
  /// creation.
  package init(after position: ListPosition, sequence: Int64, row: Int64, in plan: ReadPlan) {
    fingerprint = Self.fingerprint(of: plan)
    var values = ByteWriter(capacity: 128)
    Self.append(position, to: &values)
    if values.count <= Self.inlineBytes {
      end = .position(position)
    } else {
      end = .reference(EntryReference(sequence: sequence, row: row, digest: Self.digest(of: values)))
    }
  }

  // MARK: Text.

  package var text: String {
    var writer = ByteWriter(capacity: 256)
    switch end {
    case .position(let position):
      writer.append(Form.position)
      writer.append(fingerprint)
      Self.append(position, to: &writer)
    case .reference(let reference):
      writer.append(Form.reference)
      writer.append(fingerprint)
      StateCoding.append(column: 1, value: .integer(reference.sequence), to: &writer)
      StateCoding.append(column: 2, value: .integer(reference.row), to: &writer)
      writer.append(reference.digest)
    }
    return writer.withBytes { Base64.encodeURL($0) }
  }

  /// Reads what a client sent as `after` for this plan.
  /// - Throws: `ClientFault.request` for a text that no server gave out, and for one of another query.
  package init(_ text: String, for plan: ReadPlan) throws(ClientFault) {
    let head = 1 + Self.digestBytes
    guard text.utf8.count <= Self.textBytes, let bytes = Base64.decodeURL(text), bytes.count >= head else {
      throw Self.forged(text)
    }
    let form = bytes[0]
    guard form == Form.position || form == Form.reference else { throw Self.forged(text) }
    fingerprint = Array(bytes[1..<head])
    guard fingerprint == Self.fingerprint(of: plan) else {
      throw .request(
        "after: this cursor belongs to another query, or the data model has changed what it sorts or "
          + "filters by. Begin again without after, and keep model, filter and sort the same from page to page.")
    }
    let rest = Array(bytes[head...])
    let end =
      form == Form.position ? Self.position(in: rest, of: plan).map(End.position) : Self.reference(in: rest)
    guard let end else { throw Self.forged(text) }
    self.end = end
    // One text for one cursor: what we would not have written ourselves is not ours.
    guard self.text == text else { throw Self.forged(text) }
  }

  private static func forged(_ text: String) -> ClientFault {
    .request(
      "after takes the text that stands under next in an answer to the same request, not "
        + "\"\(CutText.cut(text))\".")
  }

  private static func position(in bytes: [UInt8], of plan: ReadPlan) -> ListPosition? {
    let order = plan.order
    guard let found = bytes.withUnsafeBytes({ StateCoding.values(in: $0) }) else { return nil }
    var values = [StoredValue](repeating: .null, count: order.count)
    for (index, value) in found {
      guard index >= 1, index <= values.count else { return nil }
      values[index - 1] = value
    }
    guard zip(order, values).allSatisfy({ isLegal($1, for: $0.column, of: plan.model) }) else { return nil }
    return ListPosition(values: values)
  }

  private static func isLegal(_ value: StoredValue, for column: ColumnReference, of model: StoredModel) -> Bool {
    let type: ColumnType
    switch column {
    case .id: type = .id
    case .updatedAt, .natural: type = .integer
    case .presence: return value == .presence(false) || value == .presence(true)
    case .column(let position):
      if value.isNull { return true }
      type = model.columns[position].type
    }
    switch (type, value) {
    case (.integer, .integer), (.id, .id): return true
    case (.real, .real(let real)): return real.isFinite && !(real == 0 && real.sign == .minus)
    case (.text, .text(let text)): return !text.utf8.contains(0)
    default: return false
    }
  }

  private static func reference(in bytes: [UInt8]) -> End? {
    guard bytes.count > digestBytes else { return nil }
    let values = bytes.dropLast(digestBytes).withUnsafeBytes { StateCoding.values(in: $0) }
    guard let values, values.map(\.column) == [1, 2], case .integer(let sequence) = values[0].value,
      case .integer(let row) = values[1].value
    else { return nil }
    return .reference(EntryReference(sequence: sequence, row: row, digest: Array(bytes.suffix(digestBytes))))
  }

  // MARK: Position.

  /// Where the plan's list goes on.
  /// - Throws: `ClientFault.request` where the position stood in an oplog entry that is no longer kept.
  package func position(in plan: ReadPlan, from snapshot: any Snapshot) throws -> ListPosition {
    let reference: EntryReference
    switch end {
    case .position(let position): return position
    case .reference(let found): reference = found
    }
    let entry = try snapshot.oplog(from: max(reference.sequence, 0), limit: 1).first
    if let entry, entry.sequence == reference.sequence, entry.model == plan.model.number {
      // As the list read it: a field may have had another type when the entry was written.
      let row = plan.model.row(of: entry.values)
      let position = ListPosition(
        values: plan.order.map { key in
          switch key.column {
          case .id: .id(entry.id)
          case .updatedAt: .integer(entry.updatedAt)
          case .natural: .integer(reference.row)
          case .column(let index): row[index]
          case .presence(let index): .presence(!row[index].isNull)
          }
        })
      var values = ByteWriter(capacity: 128)
      Self.append(position, to: &values)
      if Self.digest(of: values) == reference.digest { return position }
    }
    throw ClientFault.request(
      "after: the object where this cursor stood is no longer known, and its sort keys are too long to stand "
        + "in a cursor. Begin again without after.")
  }

  private static func append(_ position: ListPosition, to writer: inout ByteWriter) {
    for (index, value) in position.values.enumerated() {
      StateCoding.append(column: index + 1, value: value, to: &writer)
    }
  }

  private static func digest(of writer: borrowing ByteWriter) -> [UInt8] {
    writer.withBytes { Array(SHA256.hash($0).prefix(digestBytes)) }
  }

  private static func fingerprint(of plan: ReadPlan) -> [UInt8] {
    var writer = ByteWriter(capacity: 256)
    writer.append("sojourn list 1;")
    writer.append(integer: Int64(plan.model.number))
    for key in plan.order {
      writer.append(key.descending ? ";-" : ";+")
      key.column.appendMeaning(on: plan.model, to: &writer)
    }
    writer.append(";")
    plan.predicate.appendMeaning(on: plan.model, to: &writer)
    return digest(of: writer)
  }
}
