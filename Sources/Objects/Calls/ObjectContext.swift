import Attachments
import Wire

/// What a call on objects is performed under, from its first read to its last byte.
package struct ObjectContext: Sendable {
  /// The data model that the call was decoded under.
  package let view: DataModelView
  /// Who calls, as the oplog names them.
  package let origin: String
  /// Of the device that calls; nil for other callers.
  package let session: ObjectID?
  /// Prints the addresses of attachments.
  package let links: AttachmentLinks

  package init(view: DataModelView, origin: String, session: ObjectID?, links: AttachmentLinks) {
    self.view = view
    self.origin = origin
    self.session = session
    self.links = links
  }
}
