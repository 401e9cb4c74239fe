import Attachments
import Crypto
import DataModel
import JSON
import QueryLanguage
import Wire

// One upload
//
// `PATCH …/objects/airline/{id}.json` with `{"airline": {"badge": {"base64": "…", "filename": "badge.png"}}}`
//
// 1. The form. `AttachmentMembers.swift` says what the field's two names mean together; `InlineUpload.swift`
//    checks the file name. The text stays in the request's body.
// 2. The bytes. `UploadIntake.swift` decodes it a piece at a time into a temporary file on threads that may block
//    (`BlobIntake.swift`), which hashes it on the way, syncs it and looks what it is
//    (`Content/ContentTraits.swift`). What the field does not take is refused here, before storage hears of it.
// 3. Keeping. The ledger says under which generation these bytes are to lie (`BlobRule.swift`); the blob store gives
//    the file its name and syncs the folder. Only now does the plan exist: its step names a new id, and
//    `WritePlan.attachments` says which bytes that id has. Where a sweep has marked that generation before the plan's
//    turn comes, the plan is refused, and the bytes are kept again under the next one.
// 4. The transaction. `StepRule+Attachments.swift` puts the present id back where bytes and name are those of the present
//    attachment: then nothing changed. Else `LedgerDraft.swift` notes the new one, and counts who
//    links what, in the same transaction as the object and its oplog entry.
// 5. Printing. Each page of objects looks up its attachments once (`AttachmentWriter.swift`). State and addresses
//    are worked out from row and field (`Links/AttachmentForm.swift`); addresses are signed and the same all day.
// 6. The download. `AttachmentDownload.swift` checks the signature before any credentials, and answers with an
//    open file, which the connection's thread sends.
//
// A raw upload is step 2 by pieces of the body (`API/Attachments/AttachmentUpload.swift`), then a step of its own,
// `receive`, which also writes an oplog entry for each object that waited.
//
// After a crash between 3 and 4 there is a file that nobody names. `AttachmentSweep.swift` finds it a day later;
// `AttachmentCheck.swift` is `sojourn fsck`, with `AttachmentRecount.swift`, which counts anew what the ledger
// noted. A deletion that is cut off is finished at the next start (`UnfinishedDeletions.swift`).

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
