import Wire

/// A `Content-Type` as far as the API cares.
enum ContentType: Equatable {
  case json
  case form

  /// Reads the header for a route that takes such a body; with none, the body is a form (api.md
  /// section 4). Where a route takes no body, the header says nothing.
  /// - Throws: `APIError` with status 415.
  static func read(_ header: String?, for body: Route.BodyKind) throws(APIError) -> ContentType {
    if body == .none { return .form }
    let expected =
      body == .json ? "application/json" : "application/json or application/x-www-form-urlencoded"
    guard let header, !header.isEmpty else {
      if body == .json {
        throw APIError(
          .invalidRequest, "The request has no Content-Type; this route takes \(expected).", status: 415)
      }
      return .form
    }
    let parts = header.split(separator: ";", omittingEmptySubsequences: false)
    for parameter in parts.dropFirst() {
      let pair = parameter.split(separator: "=", maxSplits: 1).map { Self.trimmed($0).lowercased() }
      guard pair.count == 2, pair[0] == "charset" else { continue }
      let charset = pair[1].filter { $0 != "\"" }
      guard charset == "utf-8" || charset == "utf8" else {
        throw APIError(
          .invalidRequest, "The charset \"\(CutText.cut(charset))\" is not read; bodies are UTF-8.", status: 415)
      }
    }
    switch trimmed(parts[0]).lowercased() {
    case "application/json": return .json
    case "application/x-www-form-urlencoded" where body != .json: return .form
    default:
      throw APIError(
        .invalidRequest, "The Content-Type \"\(CutText.cut(header))\" is not read here; this route takes \(expected).",
        status: 415)
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let front = text.drop { $0 == " " || $0 == "\t" }
    return front[..<(front.lastIndex { $0 != " " && $0 != "\t" }.map(front.index(after:)) ?? front.startIndex)]
  }
}
