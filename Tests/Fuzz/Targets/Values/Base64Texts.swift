import Crypto

/// Bytes as texts: Base64, Base32 and hex digits, of which there is one text for one sequence of bytes.
enum Base64Texts {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (bytes, text) = (input.bytes, input.text)
    if let decoded = Base64.decode(text) { try promise(Base64.encode(decoded), is: text, "Base64 has one text") }
    if let decoded = Base64.decodeURL(text) {
      try promise(Base64.encodeURL(decoded), is: text, "Base64 of URLs has one text")
    }
    if let decoded = Hex.decode(text) { try promise(Hex.encode(decoded), is: text, "hex digits have one text") }
    if let decoded = Base32.decode(text) {
      // Of either case, and with blanks and dashes between.
      let plain = text.uppercased().filter { $0 != " " && $0 != "-" }
      try promise(Base32.encode(decoded), is: plain, "Base32 has one text")
    }
    try promise(Base64.decode(Base64.encode(bytes)), is: bytes, "Base64 reads back")
    try promise(Base64.decodeURL(Base64.encodeURL(bytes)), is: bytes, "Base64 of URLs reads back")
    try promise(Base32.decode(Base32.encode(bytes)), is: bytes, "Base32 reads back")
    try promise(Hex.decode(Hex.encode(bytes)), is: bytes, "hex digits read back")
  }
}
