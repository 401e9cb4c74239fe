/// The rule for file names (api.md section 10).
package enum AttachmentFileName {
  package static let mostCharacters = 255

  /// What is wrong with it, in words that follow a colon; nil where it will do.
  package static func problem(with name: String) -> String? {
    if name.isEmpty { return "a file name is not empty" }
    if name.utf8.count > mostCharacters { return "a file name has at most \(mostCharacters) characters" }
    let isAllowed = name.utf8.allSatisfy { byte in
      (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "_-. ".utf8.contains(byte)
    }
    if !isAllowed { return "a file name has only lower-case letters, digits, _, -, . and space" }
    if name.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return "a file name is not only dots" }
    return nil
  }
}
