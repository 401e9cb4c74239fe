import Crypto
import Wire

/// An attachment whose bytes lie in the blob store already, on disk: what the write that links it notes of
/// it.
package struct NewAttachment: Sendable, Equatable {
  package var id: ObjectID
  package var hash: ContentHash
  /// In bytes.
  package var size: Int64
  /// What the bytes are, as `ContentTraits` numbers it.
  package var traits: Int64
  package var fileName: String?

  package init(id: ObjectID, hash: ContentHash, size: Int64, traits: Int64, fileName: String?) {
    self.id = id
    self.hash = hash
    self.size = size
    self.traits = traits
    self.fileName = fileName
  }
}
