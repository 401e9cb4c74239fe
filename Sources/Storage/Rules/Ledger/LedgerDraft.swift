import Crypto
import Wire

/// The ledger's rows that a step has read, as its rule changes them: which bytes each attachment has, and who
/// needs them.
///
/// `LedgerRow.links` counts the columns of objects that hold the id; `BlobRow.attachments` counts the attachments
/// with these bytes. What nobody needs says since when, and waits for the sweep.
struct LedgerDraft {
  private var attachments: [ObjectID: LedgerRow]
  private var blobs: [ContentHash: BlobRow]
  private var changedAttachments: Set<ObjectID> = []
  private var changedBlobs: Set<ContentHash> = []
  private let second: Int64

  init(_ rows: KeptRows?, at second: Int64) {
    attachments = rows?.attachments ?? [:]
    blobs = rows?.blobs ?? [:]
    self.second = second
  }

  /// Puts the rows that differ from what was read into `changes`.
  func put(into changes: inout KeptChanges) {
    changes.attachments += changedAttachments.compactMap { attachments[$0] }
    changes.blobs += changedBlobs.compactMap { blobs[$0] }
  }

  var isChanged: Bool { !(changedAttachments.isEmpty && changedBlobs.isEmpty) }

  // MARK: Links.

  /// Counts one more column that holds the id. An id that is not known is noted: with the bytes that the
  /// plan brings, else as one whose bytes are still to come.
  mutating func link(_ id: ObjectID, bringing new: NewAttachment?) {
    if var row = attachments[id] {
      row.links += 1
      row.unlinkedSince = nil
      set(row)
    } else {
      add(LedgerRow(id: id, createdAt: second, links: 1), with: new)
    }
  }

  /// Counts one column less.
  mutating func unlink(_ id: ObjectID) {
    guard var row = attachments[id], row.links > 0 else { return }
    row.links -= 1
    row.unlinkedSince = row.links == 0 ? second : nil
    set(row)
  }

  /// Counts the links of an object that went from some values to others.
  mutating func relink(from old: StoredValue, to new: StoredValue, bringing uploads: [ObjectID: NewAttachment]) {
    guard old != new else { return }
    if case .id(let id) = new { link(id, bringing: uploads[id]) }
    if case .id(let id) = old { unlink(id) }
  }

  // MARK: Bytes.

  /// Whether the attachment has the bytes and the name of this one.
  func holds(_ id: ObjectID, theSameAs new: NewAttachment) -> Bool {
    guard let row = attachments[id] else { return false }
    return row.hash == new.hash && row.fileName == new.fileName
  }

  /// Says whether bytes are lost; of bytes that are not kept it says nothing.
  mutating func note(_ key: BlobKey, isLost: Bool) {
    guard var blob = blobs[key.hash], blob.generation == key.generation, blob.isLost != isLost else { return }
    blob.isLost = isLost
    set(blob)
  }

  /// Gives bytes to an id that is new, or waits for them, or has lost them. The number of columns that hold
  /// it; nil where it has bytes.
  mutating func receive(_ new: NewAttachment) -> Int64? {
    guard var row = attachments[new.id] else {
      add(LedgerRow(id: new.id, createdAt: second, links: 0, unlinkedSince: second), with: new)
      return 0
    }
    guard canReceive(row) else { return nil }
    let lost = row.hash
    row.take(new)
    set(row)
    need(new)
    if let lost { unneed(lost, since: second) }
    return row.links
  }

  func canReceive(_ row: LedgerRow) -> Bool {
    guard let hash = row.hash else { return true }
    return blobs[hash]?.isLost ?? false
  }

  /// One attachment less has these bytes.
  mutating func unneed(_ hash: ContentHash, since: Int64) {
    guard var blob = blobs[hash], blob.attachments > 0 else { return }
    blob.attachments -= 1
    blob.unneededSince = blob.attachments == 0 ? since : nil
    set(blob)
  }

  /// Counts one more attachment that has these bytes, which are there.
  private mutating func need(_ new: NewAttachment) {
    var blob =
      blobs[new.hash] ?? BlobRow(hash: new.hash, generation: new.generation, size: new.size, attachments: 0)
    assert(blob.generation == new.generation, "what comes under another generation was refused")
    blob.attachments += 1
    blob.unneededSince = nil
    blob.isLost = false
    set(blob)
  }

  private mutating func add(_ row: LedgerRow, with new: NewAttachment?) {
    var row = row
    if let new { row.take(new) }
    set(row)
    if let new { need(new) }
  }

  // MARK: Rows.

  mutating func set(_ row: LedgerRow) {
    attachments[row.id] = row
    changedAttachments.insert(row.id)
  }

  mutating func set(_ blob: BlobRow) {
    blobs[blob.hash] = blob
    changedBlobs.insert(blob.hash)
  }
}
