import Wire

/// What stands in the inputs of one field: as they are drawn from a stored value, or as a browser sent them.
package struct FieldDraft: Sendable, Equatable {
  /// What is typed, or the key that is chosen; of a password and of a locked text what replaces it.
  package var text = ""
  /// What is ticked of several.
  package var keys: [String] = []
  /// Whether "no value" is ticked. What is typed or ticked beside it counts more.
  package var isNone = false
  /// Whether the stored text cannot stand in an input; it stays unless something replaces it.
  package var isLocked = false

  package init(text: String = "", keys: [String] = [], isNone: Bool = false, isLocked: Bool = false) {
    self.text = text
    self.keys = keys
    self.isNone = isNone
    self.isLocked = isLocked
  }
}

/// Texts as inputs of browsers take and send them.
package enum InputText {
  /// Longer texts would make the page slow; they stay as they are until they are replaced.
  package static let mostBytes = 256 << 10

  /// With the line ends that are stored: browsers send each as CR and LF.
  package static func normalized(_ text: String) -> String {
    guard text.utf8.contains(13) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var wasReturn = false
    for byte in text.utf8 {
      if byte == 13 {
        bytes.append(10)
      } else if !(byte == 10 && wasReturn) {
        bytes.append(byte)
      }
      wasReturn = byte == 13
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func hasLines(_ text: String) -> Bool { text.utf8.contains { $0 == 10 || $0 == 13 } }

  /// Whether an input takes the text and sends it back as it was, but for its line ends: no control characters but tab
  /// and line ends, and neither U+FFFE nor U+FFFF, for which pages have U+FFFD.
  package static func isTypable(_ text: String) -> Bool {
    text.utf8.count <= mostBytes
      && !text.unicodeScalars.contains { scalar in
        switch scalar.value {
        case 9, 10, 13: false
        case 0..<32, 0xFFFE, 0xFFFF: true
        default: false
        }
      }
  }
}
