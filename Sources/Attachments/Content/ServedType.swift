/// With which headers bytes go out, so that no browser runs any of them (api.md section 10).
package struct ServedType: Sendable, Equatable {
  package var contentType: String
  /// Offered for saving, and not shown in place.
  package var isDownload: Bool
  /// For the header `Content-Security-Policy`.
  package var policy: String?

  /// Runs nothing and fetches nothing; styles inside a drawing still count.
  private static let harmless = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

  package init(_ traits: ContentTraits, fileName: String?) {
    policy = Self.harmless
    isDownload = false
    switch true {
    case traits.contains(.png): contentType = "image/png"
    case traits.contains(.jpeg): contentType = "image/jpeg"
    case traits.contains(.webp): contentType = "image/webp"
    case traits.contains(.heic): contentType = "image/heic"
    case traits.contains(.svg): contentType = "image/svg+xml"
    case traits.contains(.pdf):
      contentType = "application/pdf"
      // The browsers' own viewers refuse to show a document inside a sandbox.
      policy = nil
    default:
      isDownload = true
      contentType = Self.download(traits, fileName: fileName ?? "")
    }
  }

  private static func download(_ traits: ContentTraits, fileName: String) -> String {
    if traits.contains(.presentation) {
      return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    }
    if traits.contains(.spreadsheet) { return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }
    if traits.contains(.document) {
      return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    }
    if traits.contains(.ole2) {
      if fileName.hasSuffix(".xls") { return "application/vnd.ms-excel" }
      return fileName.hasSuffix(".doc") ? "application/msword" : "application/octet-stream"
    }
    if traits.contains(.xml) { return "application/xml" }
    if traits.contains(.text) {
      return fileName.hasSuffix(".csv") ? "text/csv; charset=utf-8" : "text/plain; charset=utf-8"
    }
    return "application/octet-stream"
  }
}
