import Crypto
import Wire

/// An attachment as it is kept (api.md section 10).
package struct AttachmentRecord: Sendable, Equatable {
  package var id: ObjectID
  /// Nil while its bytes have not come.
  package var hash: ContentHash?
  /// In bytes.
  package var size: Int64
  /// What the bytes are, as `ContentTraits` numbers it.
  package var traits: Int64
  package var fileName: String?
  /// Whether the bytes are known to be lost.
  package var isLost: Bool

  package init(id: ObjectID, hash: ContentHash?, size: Int64, traits: Int64, fileName: String?, isLost: Bool) {
    self.id = id
    self.hash = hash
    self.size = size
    self.traits = traits
    self.fileName = fileName
    self.isLost = isLost
  }
}

/// Bytes that attachments of a deployment have, or had lately.
package struct BlobRecord: Sendable, Equatable {
  package var hash: ContentHash
  /// In bytes.
  package var size: Int64
  /// Attachments that have these bytes.
  package var attachments: Int64
  package var isLost: Bool

  package init(hash: ContentHash, size: Int64, attachments: Int64, isLost: Bool) {
    self.hash = hash
    self.size = size
    self.attachments = attachments
    self.isLost = isLost
  }
}
