import DataModel

/// Which bytes a field takes (api.md section 10): one table, by the field's type and its `media`.
package enum MediaCheck {
  /// The traits of which the bytes must have one; nil where anything goes.
  package static func accepted(by field: Field) -> ContentTraits? {
    switch field.type {
    case .photo: return [.jpeg, .png, .webp, .heic]
    case .signature: return [.png, .jpeg, .svg]
    default: break
    }
    return switch field.media {
    case .any, .anritsu, .valvelink, nil: nil
    case .png: .png
    case .jpeg: .jpeg
    case .svg: .svg
    case .pdf: [.pdf, .latePDF]
    // Encrypted ones lie in the container of the older formats.
    case .presentation: [.presentation, .ole2]
    case .spreadsheet: [.spreadsheet, .ole2]
    case .document: [.document, .ole2]
    case .excel, .word: .olderOffice
    case .xml: .xml
    case .plainText, .csv: .anyText
    }
  }

  package static func accepts(_ traits: ContentTraits, for field: Field) -> Bool {
    accepted(by: field).map { !$0.isDisjoint(with: traits) } ?? true
  }

  /// What the field takes, in words for a detail.
  package static func words(for field: Field) -> String {
    switch field.type {
    case .photo: "a JPEG, PNG, WebP or HEIC picture"
    case .signature: "a PNG, JPEG or SVG picture"
    default: field.media.map { $0 == .any ? "anything" : $0.rawValue } ?? "anything"
    }
  }
}
