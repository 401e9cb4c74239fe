import Wire

/// The name under which a browser keeps a file (RFC 6266): in ASCII without `%`, which browsers decode or not, and in
/// full.
struct FileName {
  private let full: String

  private static let mostBytes = 200

  /// `suffix` is kept whatever is cut off; it has no dot.
  init(_ name: String, suffix: String) {
    let room = Self.mostBytes - suffix.utf8.count - 1
    var text = ""
    for scalar in name.unicodeScalars {
      // What a file system or a header cannot have, and what turns the reading round.
      let isKept =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " ._-()".unicodeScalars.contains(scalar)
      let kept = isKept ? String(scalar) : "_"
      if text.utf8.count + kept.utf8.count > room { break }
      text += kept
    }
    full = "\(text.trimmed.nonEmpty ?? "export").\(suffix)"
  }

  var disposition: String {
    let plain = String(full.unicodeScalars.map { $0.isASCII ? Character($0) : "_" })
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentText.encode(full))"
  }
}
