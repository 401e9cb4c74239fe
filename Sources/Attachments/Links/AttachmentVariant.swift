/// A form in which an attachment can be had (api.md section 10).
package enum AttachmentVariant: String, Sendable, CaseIterable {
  case original
  /// Fits 200 × 200.
  case thumbnail
  /// Fits 1600 × 1600.
  case fullscreen
  case svg

  /// The square that it fits, in pixels; nil for what goes out as it came.
  package var side: Int? {
    switch self {
    case .original, .svg: nil
    case .thumbnail: 200
    case .fullscreen: 1600
    }
  }
}
