import HTTPServer
import People
import Wire

/// The fields of a form that was posted, in the order in which they came.
package struct PostForm: Sendable {
  static let ticket = "ticket"
  package static let none = PostForm(QueryPairs(pairs: []))
  /// Without files.
  static let mostBytes = PeopleSettings.heldBytes

  package let pairs: QueryPairs
  /// Of the ticket; nil for forms that carry none.
  package let nonce: [UInt8]?

  package init(_ pairs: QueryPairs, nonce: [UInt8]? = nil) {
    self.pairs = pairs
    self.nonce = nonce
  }

  /// - Throws: `PageFault` for a body that is too long, or no form.
  init(_ body: RequestBody) throws(PageFault) {
    guard body.bytes.count <= Self.mostBytes else { throw .formTooLarge(limit: Self.mostBytes) }
    do {
      self.init(try QueryPairs(utf8: body.bytes))
    } catch {
      throw .unreadableForm
    }
  }

  /// The value of a plain field; empty where there is none.
  package subscript(name: String) -> String { pairs[name] ?? "" }

  func taking(_ nonce: [UInt8]) -> PostForm { PostForm(pairs, nonce: nonce) }

  /// Its fields without the ticket, as they are sent.
  var fields: [(key: String, value: String)] {
    pairs.pairs.compactMap { pair in
      let key = pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
      return key == Self.ticket ? nil : (key, pair.value)
    }
  }

  /// As bytes that can be held.
  var written: [UInt8] {
    Array(fields.map { "\(PercentText.encode($0.key))=\(PercentText.encode($0.value))" }.joined(separator: "&").utf8)
  }
}

extension PageFault {
  static func formTooLarge(limit: Int) -> PageFault {
    PageFault(413, "Too much in one form", "A form takes at most \(limit) bytes.", next: "Send less at once.")
  }

  static let unreadableForm = PageFault(
    400, "The form cannot be read", "What was sent is no form as browsers send them.",
    next: "Open the page again and send it from there.")
}
