import Crypto
import Wire

/// An attachment as the ledger has it.
package struct LedgerRow: Sendable, Equatable {
  package var id: ObjectID
  /// Nil while its bytes have not come.
  package var hash: ContentHash?
  package var size: Int64 = 0
  package var traits: Int64 = 0
  package var fileName: String?
  package var createdAt: Int64
  /// Columns of objects that hold the id, also those that no data model shows.
  package var links: Int64
  /// The second since which nothing links it; nil where something does.
  package var unlinkedSince: Int64?

  package init(id: ObjectID, createdAt: Int64, links: Int64, unlinkedSince: Int64? = nil) {
    self.id = id
    self.createdAt = createdAt
    self.links = links
    self.unlinkedSince = unlinkedSince
  }

  /// Has the bytes of `new` from now on.
  mutating func take(_ new: NewAttachment) {
    hash = new.hash
    size = new.size
    traits = new.traits
    fileName = new.fileName
  }
}

/// Bytes that are kept, as the ledger has them. Those that are being removed are named by their keys alone.
package struct BlobRow: Sendable, Equatable {
  package var hash: ContentHash
  package var generation: Int64
  package var size: Int64
  /// Attachments that have these bytes.
  package var attachments: Int64
  /// The second since which none does; nil where one does.
  package var unneededSince: Int64?
  package var isLost: Bool

  package init(
    hash: ContentHash, generation: Int64 = BlobKey.firstGeneration, size: Int64, attachments: Int64,
    unneededSince: Int64? = nil, isLost: Bool = false
  ) {
    self.hash = hash
    self.generation = generation
    self.size = size
    self.attachments = attachments
    self.unneededSince = unneededSince
    self.isLost = isLost
  }
}
