import HTTPServer
import People
import Wire

/// The fields of a form that was posted, in the order in which they came.
package struct PostForm: Sendable {
  static let ticket = "ticket"
  /// The number under which it was kept, where it comes from there.
  static let held = "held"
  package static let none = PostForm(QueryPairs(pairs: []))
  /// Without files.
  static let mostBytes = PeopleSettings.heldBytes
  /// A form that was kept comes back with its number, and was as long as it may be without.
  private static let roomForNumber = 32

  package let pairs: QueryPairs
  /// Of the ticket; nil for forms that carry none.
  package let nonce: [UInt8]?

  package init(_ pairs: QueryPairs, nonce: [UInt8]? = nil) {
    self.pairs = pairs
    self.nonce = nonce
  }

  /// - Throws: `PageFault` for a body that is too long, or no form.
  init(_ body: RequestBody, most: Int = PostForm.mostBytes) throws(PageFault) {
    let count = body.bytes.count
    guard count <= most + Self.roomForNumber else { throw .formTooLarge(limit: most) }
    guard let pairs = try? QueryPairs(utf8: body.bytes) else { throw .unreadableForm }
    self.init(pairs)
    guard count <= most || heldNumber != nil else { throw .formTooLarge(limit: most) }
  }

  var heldNumber: Int64? { Int64(self[Self.held]) }

  /// The value of a plain field; empty where there is none.
  package subscript(name: String) -> String { pairs[name] ?? "" }

  /// Whether a password was typed into the form of an object.
  var hasPassword: Bool {
    pairs.pairs(under: FieldNames.Part.password.rawValue).contains { !$0.value.isEmpty }
  }

  /// Whether it asks only whether a form would be taken, before its files are sent.
  var isQuestion: Bool { self["do"] == SentObject.question }

  func taking(_ nonce: [UInt8]) -> PostForm { PostForm(pairs, nonce: nonce) }

  /// Its fields as they are sent, without what pages put there for themselves.
  var fields: [(key: String, value: String)] {
    pairs.pairs.compactMap { pair in
      let key = pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
      return key == Self.ticket || key == Self.held ? nil : (key, pair.value)
    }
  }
}

extension PageFault {
  static func formTooLarge(limit: Int) -> PageFault {
    PageFault(
      413, "Too much in one form", "A form takes at most \(Grouped.text(limit, "byte")).", next: "Send less at once.")
  }

  static let unreadableForm = PageFault(
    400, "The form cannot be read", "What was sent is no form as browsers send them.",
    next: "Open the page again and send it from there.")
}
