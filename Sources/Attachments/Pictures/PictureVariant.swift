import Wire

/// What became of the wish for a smaller picture.
package enum PictureVariant: Sendable {
  case file(OwnedDescriptor, size: Int, contentType: String)
  /// It has none and will have none: no picture that is read, a broken one or one too large (404).
  case refused
  /// Too many are waiting for theirs. Try again soon (503).
  case busy
  /// It cannot be made now; the sentence is for the log (503).
  case unavailable(String)
  /// The attachment's own bytes are not there.
  case missing
}

extension PictureVariant {
  /// JPEG and PNG by their first bytes; nil for anything else, which no picture job leaves behind.
  static func contentType(of head: [UInt8]) -> String? {
    switch true {
    case head.starts(with: [0xff, 0xd8, 0xff]): "image/jpeg"
    case head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]): "image/png"
    default: nil
    }
  }
}
