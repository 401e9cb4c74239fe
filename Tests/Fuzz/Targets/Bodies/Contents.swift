import Attachments

@testable import Attachments

/// The bytes of attachments, looked at to find what they are.
enum Contents {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let bytes = input.bytes
    guard let traits = try? ContentTraits.found(in: MemorySource(bytes)) else {
      throw BrokenPromise("bytes in memory can always be read")
    }
    _ = traits.words
    let isText = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
    if traits.contains(.text) { try promise(isText, "text is UTF-8 without zeros") }
    var check = UTF8Check()
    for piece in input.pieces([1, 3]) { piece.withUnsafeBytes { check.add($0) } }
    try promise(check.isWhole, is: isText, "in pieces it is text as it is whole")
    try markup(input)
  }

  /// A document is one however it is cut.
  private static func markup(_ input: FuzzInput) throws(BrokenPromise) {
    guard XMLCheck.mayBegin(input.bytes) else { return }
    try promise(
      root(input, [7, 1]), is: root(input, [input.bytes.count]), "in pieces a document is what it is whole")
  }

  private static func root(_ input: FuzzInput, _ sizes: [Int]) -> String? {
    let check = XMLCheck(head: Array(input.bytes.prefix(4096)))
    for piece in input.pieces(sizes) where !piece.withUnsafeBytes({ check.add($0) }) { return nil }
    return check.finish()
  }
}
