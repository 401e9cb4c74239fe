import HTTPServer

@testable import API

/// The page at `/docs/errors` as text.
enum ErrorsPageText {
  static var text: String {
    guard case .block(let block) = ErrorsPage.response.body else { return "" }
    return String(decoding: block.bytes, as: UTF8.self)
  }
}
