import Crypto
import Wire

/// Counts of attachments that are not what they should be (`AttachmentKeeping.recount`).
package struct Recount: Sendable, Equatable {
  /// A count of one attachment or blob.
  package struct Miscount<Name: Sendable & Equatable>: Sendable, Equatable {
    package var name: Name
    /// As it was noted; nil where it was not noted at all.
    package var noted: Int64?
    /// As it is.
    package var found: Int64

    package init(name: Name, noted: Int64?, found: Int64) {
      self.name = name
      self.noted = noted
      self.found = found
    }
  }

  /// How many columns of objects hold an attachment.
  package var links: [Miscount<ObjectID>]
  /// How many attachments have bytes.
  package var blobs: [Miscount<ContentHash>]

  package init(links: [Miscount<ObjectID>] = [], blobs: [Miscount<ContentHash>] = []) {
    self.links = links
    self.blobs = blobs
  }

  package var isClean: Bool { links.isEmpty && blobs.isEmpty }
}
