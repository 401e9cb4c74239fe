import Crypto

/// Under which key bytes lie in a blob store: what they are, and how often they were taken up anew after a removal.
///
/// A removal takes its time, and names what it removes. Bytes that come meanwhile get the next generation, so that
/// one that comes late never takes what is linked again.
package struct BlobKey: Hashable, Sendable {
  package let hash: ContentHash
  package let generation: Int64

  /// Of bytes that were never removed.
  package static let firstGeneration: Int64 = 1
  /// Of generations in names: more are not ours.
  private static let mostDigits = 18

  package init(_ hash: ContentHash, generation: Int64 = BlobKey.firstGeneration) {
    assert(generation >= Self.firstGeneration, "generations count from 1")
    self.hash = hash
    self.generation = generation
  }

  /// Reads what `description` says.
  package init?(_ name: String) {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let hash = ContentHash(String(parts[0])) else { return nil }
    self.hash = hash
    guard parts.count == 2 else {
      generation = Self.firstGeneration
      return
    }
    guard parts[1].utf8.count <= Self.mostDigits, let number = Int64(parts[1]), number > Self.firstGeneration,
      String(number) == parts[1]
    else { return nil }
    generation = number
  }
}

extension BlobKey: CustomStringConvertible {
  /// The name of a file or an object: the hash, and from the second generation on `.2`.
  package var description: String {
    generation == Self.firstGeneration ? hash.description : "\(hash).\(generation)"
  }
}
