/// With which headers bytes go out, so that no browser runs any of them (api.md section 10).
package struct ServedType: Sendable, Equatable {
  package var contentType: String
  /// Offered for saving, and not shown in place.
  package var isDownload: Bool
  /// For the header `Content-Security-Policy`.
  package var policy: String?

  /// Runs nothing and fetches nothing; styles inside a drawing still count.
  private static let harmless = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

  /// Whether a browser would run what is in it, were it not for `policy`: a store that cannot send one must offer
  /// it for saving.
  package var needsPolicy: Bool

  package init(_ traits: ContentTraits, fileName: String?) {
    let name = fileName ?? ""
    policy = Self.harmless
    isDownload = false
    needsPolicy = false
    switch true {
    case traits.contains(.png): contentType = "image/png"
    case traits.contains(.jpeg): contentType = "image/jpeg"
    case traits.contains(.webp): contentType = "image/webp"
    case traits.contains(.heic): contentType = "image/heic"
    case traits.contains(.svg):
      contentType = "image/svg+xml"
      needsPolicy = true
    case Self.isPDF(traits, name):
      contentType = "application/pdf"
      // The browsers' own viewers refuse to show a document inside a sandbox.
      policy = nil
    default:
      isDownload = true
      contentType = Self.download(traits, name)
    }
  }

  /// A text that speaks of `%PDF-` is none, unless it is called one.
  private static func isPDF(_ traits: ContentTraits, _ name: String) -> Bool {
    traits.contains(.pdf)
      || traits.contains(.latePDF) && (traits.isDisjoint(with: .anyText) || name.hasSuffix(".pdf"))
  }

  private static let openXML = "application/vnd.openxmlformats-officedocument."
  private static let presentation = openXML + "presentationml.presentation"
  private static let spreadsheet = openXML + "spreadsheetml.sheet"
  private static let document = openXML + "wordprocessingml.document"

  private static func download(_ traits: ContentTraits, _ name: String) -> String {
    if traits.contains(.presentation) { return presentation }
    if traits.contains(.spreadsheet) { return spreadsheet }
    if traits.contains(.document) { return document }
    if !traits.isDisjoint(with: .olderOffice) {
      if name.hasSuffix(".xls") { return "application/vnd.ms-excel" }
      if name.hasSuffix(".doc") { return "application/msword" }
    }
    if traits.contains(.ole2) {
      // Encrypted ones.
      if name.hasSuffix(".pptx") { return presentation }
      if name.hasSuffix(".xlsx") { return spreadsheet }
      return name.hasSuffix(".docx") ? document : "application/octet-stream"
    }
    if traits.contains(.rtf) { return "application/rtf" }
    if traits.contains(.xml) { return "application/xml" }
    let text = name.hasSuffix(".csv") ? "text/csv" : "text/plain"
    if traits.contains(.text) { return "\(text); charset=utf-8" }
    if traits.contains(.utf16Text) { return "\(text); charset=utf-16" }
    return traits.contains(.byteText) ? text : "application/octet-stream"
  }
}
