import Wire

/// The addresses of a deployment's attachments as one answer prints them: absolute, signed, and the same for
/// a whole day.
package struct AttachmentPrinter: Sendable {
  private let signature: AttachmentSignature
  private let deployment: String
  /// `"https://host/api/v4/DEPLOYMENT/attachments/`, ready to be printed in JSON.
  private let opening: ByteBlock
  private let expires: Int64

  /// `base` is scheme and host, without a slash at the end.
  package init(base: String, deployment: String, signature: AttachmentSignature, at now: Instant) {
    self.signature = signature
    self.deployment = deployment
    expires = AttachmentSignature.expiry(at: now)
    var writer = ByteWriter(capacity: 128)
    writer.append(quoted: "\(base)/api/v4/\(deployment)/attachments/")
    writer.truncate(to: writer.count - 1)
    opening = writer.detach()
  }

  /// Appends the address as a JSON string.
  package func append(_ attachment: ObjectID, _ variant: AttachmentVariant, to writer: inout ByteWriter) {
    writer.append(opening.bytes)
    writer.append(id: attachment)
    writer.append("/")
    writer.append(text: variant.rawValue)
    writer.append(
      text: signature.query(deployment: deployment, attachment: attachment, variant: variant, expires: expires))
    writer.append("\"")
  }
}

/// Addresses of attachments that may be asked for: what prints them is made when the first one is.
package struct AttachmentLinks: Sendable {
  private let make: @Sendable () -> AttachmentPrinter

  package init(_ make: @escaping @Sendable () -> AttachmentPrinter) { self.make = make }

  /// As `AttachmentPrinter`.
  package init(base: String, deployment: String, signature: AttachmentSignature, at now: Instant) {
    self.init { AttachmentPrinter(base: base, deployment: deployment, signature: signature, at: now) }
  }

  package var printer: AttachmentPrinter { make() }
}
