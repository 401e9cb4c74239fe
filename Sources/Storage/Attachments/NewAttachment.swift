import Crypto
import Wire

/// An attachment whose bytes lie in the blob store already, on disk: what the write that links it notes of
/// it.
package struct NewAttachment: Sendable, Equatable {
  package var id: ObjectID
  package var hash: ContentHash
  /// The generation under which its bytes were kept.
  package var generation: Int64
  /// In bytes.
  package var size: Int64
  /// What the bytes are, as `ContentTraits` numbers it.
  package var traits: Int64
  package var fileName: String?

  package init(
    id: ObjectID, hash: ContentHash, generation: Int64 = BlobKey.firstGeneration, size: Int64, traits: Int64,
    fileName: String?
  ) {
    self.id = id
    self.hash = hash
    self.generation = generation
    self.size = size
    self.traits = traits
    self.fileName = fileName
  }

  package var key: BlobKey { BlobKey(hash, generation: generation) }
}
