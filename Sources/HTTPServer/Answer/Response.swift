import Wire

/// An answer, complete before its first byte goes out (api.md section 6).
package struct Response: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body
  /// Goes out as `ETag`, in place of one among the headers.
  package var tag: NumberTag?
  /// A header field whose value is a number, which goes out beside the others.
  package var number: NumberField?
  /// Who asked, as the log is to name the caller; it is not sent.
  package var caller: String?

  package enum Body: Sendable {
    case empty
    case block(ByteBlock)
    /// An open descriptor that the response owns: `length` bytes from `offset`, then closed.
    case file(OwnedDescriptor, offset: Int, length: Int)
    /// Parts of an open file with text between them (RFC 9110 section 14.6). Never compressed.
    case parts(OwnedDescriptor, [Part])
  }

  package struct NumberField: Sendable {
    let name: StaticString
    let value: Int64

    package init(_ name: StaticString, _ value: Int64) { (self.name, self.value) = (name, value) }
  }

  /// All header fields as texts, `tag` and `number` among them.
  package var fields: [(name: String, value: String)] {
    var fields = headers
    if let tag { fields.append(("ETag", tag.text)) }
    if let number { fields.append(("\(number.name)", String(number.value))) }
    return fields
  }

  package enum Part: Sendable, Equatable {
    case text(String)
    /// Bytes of the file, which must have them.
    case range(Range<Int>)

    package var length: Int {
      switch self {
      case .text(let text): text.utf8.count
      case .range(let range): range.count
      }
    }
  }

  package init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
