import Crypto

/// Under which generation bytes are taken up, and when they may go.
///
/// | blob | an upload takes | a removal |
/// |---|---|---|
/// | is kept | its generation | marks it where no attachment has needed it for long |
/// | is being removed | the next one | takes its bytes, and forgets it then |
/// | is not known | one above all that were ever forgotten | marks what lies there |
///
/// The mark is set in a transaction that sees no attachment with these bytes. From then on none is given them: a
/// plan that brings them under that generation is refused (`StorageError.uploadOutdated`). No generation of a hash
/// is ever given out again once it was forgotten.
package enum BlobRule {
  /// - Parameters:
  ///   - kept: the blob that attachments have.
  ///   - removing: the highest generation that is being removed.
  ///   - floor: the highest generation that was forgotten, of whatever hash.
  package static func generation(kept: BlobRow?, removing: Int64?, floor: Int64) -> Int64 {
    kept?.generation ?? max(removing ?? 0, floor) + 1
  }

  /// Those whose bytes may go: what no attachment has had since before this second, and what none ever had.
  static func removable(_ keys: [BlobKey], unneededBefore second: Int64, _ kept: KeptRows) -> [BlobKey] {
    keys.filter { key in
      guard let blob = kept.blobs[key.hash], blob.generation == key.generation else { return true }
      return blob.attachments == 0 && (blob.unneededSince.map { $0 < second } ?? false)
    }
  }
}

extension KeptRows {
  /// The generation under which these bytes are taken up now.
  package func generation(of hash: ContentHash) -> Int64 {
    BlobRule.generation(kept: blobs[hash], removing: removing[hash], floor: blobFloor)
  }
}
