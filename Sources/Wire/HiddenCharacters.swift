/// Characters that no name or label needs, and that make what people read differ from what is there: control
/// characters, those that turn the direction of text, and the separators of lines.
package enum HiddenCharacters {
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// The first of a text as `U+202E`; nil where there is none.
  package static func first(in text: String) -> String? {
    text.unicodeScalars.first(where: isHidden).map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
  }
}
