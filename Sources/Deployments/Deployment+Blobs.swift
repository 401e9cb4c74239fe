import Attachments

extension Deployment {
  /// Whoever uses the bytes of the deployment's attachments uses these, so that all know what is held. They outlive
  /// changed settings, since uploads that are under way do.
  private static let blobs = DeploymentSlot<DeploymentBlobs>(.deployment)

  /// - Throws: `BlobFault` where they cannot be used.
  package func blobs(in service: AttachmentService) throws(BlobFault) -> DeploymentBlobs {
    try value(in: Self.blobs) { () throws(BlobFault) in try service.blobs(of: id) }
  }
}
