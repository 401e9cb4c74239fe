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

  /// The way in which smaller pictures are made, counted from 1: 2 converts profiles to sRGB.
  static let revision = 2

  /// The name of what is made: another one for each way, so that neither files nor browsers' caches that have an
  /// earlier one are taken for this one.
  package var madeName: String { made(in: Self.revision) }

  func made(in revision: Int) -> String { revision == 1 ? rawValue : "\(rawValue).\(revision)" }
}
