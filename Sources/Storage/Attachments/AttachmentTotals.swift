/// How many attachments the objects of a deployment link, and the bytes of all of them. Those whose bytes are
/// still to come count with none; bytes that two attachments share count twice.
package struct AttachmentTotals: Sendable, Equatable {
  package var attachments: Int
  package var bytes: Int

  package init(attachments: Int = 0, bytes: Int = 0) {
    self.attachments = attachments
    self.bytes = bytes
  }
}
