import Foundation
import HTTPServer
import Wire

@testable import API

/// The page at `/docs/errors` as people read it: without its tags.
enum ErrorsPageText {
  static var html: String {
    guard case .block(let block) = ErrorsPage.response.body else { return "" }
    return String(decoding: block.bytes, as: UTF8.self)
  }

  static func text(of html: some StringProtocol) -> String {
    var text = String(html).replacing(/<[^>]*>/, with: "")
    for (escape, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
      text = text.replacingOccurrences(of: escape, with: character)
    }
    return text
  }

  /// The part of the page about an error.
  static func section(_ id: String) -> String? {
    guard let start = html.range(of: "<section id=\"\(id)\">"),
      let end = html[start.upperBound...].range(of: "</section>")
    else { return nil }
    return text(of: html[start.upperBound..<end.lowerBound])
  }
}
