/// What a caller wrote, short enough to be said back to him in an error (api.md section 5).
package enum CutText {
  /// The most characters of an offending value that an error repeats.
  package static let limit = 100

  /// The text, or its first `limit` characters and `…`.
  ///
  /// Characters are Unicode scalars here: one character as a reader sees it can be arbitrarily long.
  package static func cut(_ text: String, to limit: Int = CutText.limit) -> String {
    if text.utf8.count <= limit { return text }
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }
}
