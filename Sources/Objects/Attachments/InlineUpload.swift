import Crypto
import JSON
import Attachments
import DataModel
import QueryLanguage
import Wire

/// An attachment whose bytes stand in a request's body: `{"base64": …, "filename": …}` (api.md section 10).
/// Its form was checked; the bytes have not been looked at.
package struct InlineUpload: Sendable {
  let field: Field
  /// Of the field's column.
  let position: Int
  let base64: ClientValue
  let fileName: String?

  /// - Throws: `ClientFault.value` naming the field.
  init(_ value: ClientValue, base64: ClientValue, for field: Field, at position: Int) throws(ClientFault) {
    self.field = field
    self.position = position
    self.base64 = base64
    switch base64 {
    case .text: break
    case .json(let json) where json.isString: break
    default: throw .value("\(field.name): \"base64\" takes a string, not \(base64.shown).")
    }
    for key in value.keys where key != "base64" && key != "filename" {
      throw .value(
        "\(field.name): there is no \"\(CutText.cut(key))\" in an upload; it has \"base64\" and \"filename\".")
    }
    guard let given = value["filename"], !given.isNull else {
      fileName = nil
      return
    }
    guard let name = given.textual else {
      throw .value("\(field.name): \"filename\" takes a string, not \(given.shown).")
    }
    if let problem = AttachmentFileName.problem(with: name) {
      throw .value("\(field.name): the file name \"\(CutText.cut(name))\" is refused: \(problem).")
    }
    fileName = name
  }

  /// Characters that are decoded at a time; a multiple of 4.
  private static let piece = 256 << 10

  /// Hands out the bytes piece by piece.
  /// - Throws: `ClientFault.value` where it is no base64; and what `body` throws.
  func decode(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch base64 {
    case .json(let json): try json.withStringUTF8 { try decode($0, body) }
    case .text(var text): try text.withUTF8 { try decode(UnsafeRawBufferPointer($0), body) }
    case .texts, .parts: throw malformed
    }
  }

  private func decode(_ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var start = 0
    while start < text.count {
      let end = min(start + Self.piece, text.count)
      guard let bytes = Base64.decode(utf8: UnsafeRawBufferPointer(rebasing: text[start..<end])) else {
        throw malformed
      }
      // Padding ends a text, also where it ends a piece.
      guard end == text.count || bytes.count == (end - start) / 4 * 3 else { throw malformed }
      try bytes.withUnsafeBytes(body)
      start = end
    }
  }

  private var malformed: ClientFault {
    .value(
      "\(field.name): \(base64.shown) is refused: \"base64\" takes standard base64 (A–Z a–z 0–9 + /), padded with =, "
        + "without line breaks or blanks.")
  }

  /// - Throws: `ClientFault.value` where the field does not take such bytes.
  func check(_ traits: ContentTraits) throws(ClientFault) {
    guard !MediaCheck.accepts(traits, for: field) else { return }
    throw .value(
      "\(field.name): the bytes are refused: they look like \(traits.words), and the field takes "
        + "\(MediaCheck.words(for: field)).")
  }
}

extension ClientValue {
  /// The names of an object's members or a form's parts.
  fileprivate var keys: [String] {
    switch self {
    case .json(let json): json.members.map(\.key)
    case .parts(let parts): parts.map(\.key)
    case .text, .texts: []
    }
  }
}
