/// The items of a stored list: a flat JSON array as storage keeps it for multiple-choice fields and
/// locations. Each item is its own JSON.
package struct KeyList: Sequence, IteratorProtocol {
  private let bytes: UnsafeRawBufferPointer
  private var position = 1

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package mutating func next() -> UnsafeRawBufferPointer? {
    guard position < bytes.count, bytes[position] != UInt8(ascii: "]") else { return nil }
    let start = position
    var isQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      if isQuoted {
        if byte == UInt8(ascii: "\\") {
          position += 1
        } else if byte == UInt8(ascii: "\"") {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
        break
      }
      position += 1
    }
    let item = UnsafeRawBufferPointer(rebasing: bytes[start..<Swift.min(position, bytes.count)])
    if position < bytes.count, bytes[position] == UInt8(ascii: ",") { position += 1 }
    return item
  }
}
