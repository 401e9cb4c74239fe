import Crypto
import Wire

/// An attachment as it is kept (api.md section 10).
package struct AttachmentRecord: Sendable, Equatable {
  package var id: ObjectID
  /// Nil while its bytes have not come.
  package var hash: ContentHash?
  /// That of its bytes.
  package var generation: Int64
  /// In bytes.
  package var size: Int64
  /// What the bytes are, as `ContentTraits` numbers it.
  package var traits: Int64
  package var fileName: String?
  /// Whether the bytes are known to be lost.
  package var isLost: Bool

  package init(
    id: ObjectID, hash: ContentHash?, generation: Int64 = BlobKey.firstGeneration, size: Int64, traits: Int64,
    fileName: String?, isLost: Bool
  ) {
    self.id = id
    self.hash = hash
    self.generation = generation
    self.size = size
    self.traits = traits
    self.fileName = fileName
    self.isLost = isLost
  }

  /// Where its bytes lie; nil while they have not come.
  package var key: BlobKey? { hash.map { BlobKey($0, generation: generation) } }
}

/// Bytes that attachments of a deployment have, or had lately, and that are not being removed.
package struct BlobRecord: Sendable, Equatable {
  package var key: BlobKey
  /// In bytes.
  package var size: Int64
  /// Attachments that have these bytes.
  package var attachments: Int64
  package var isLost: Bool

  package init(_ key: BlobKey, size: Int64, attachments: Int64, isLost: Bool) {
    self.key = key
    self.size = size
    self.attachments = attachments
    self.isLost = isLost
  }
}
