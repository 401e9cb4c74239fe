/// Whether bytes that come in pieces are UTF-8 without U+0000.
struct UTF8Check {
  /// Nothing wrong so far.
  private(set) var isGood = true
  /// Continuation bytes that are still to come, and between which bounds the next one lies.
  private var pending = 0
  private var lowest: UInt8 = 0x80
  private var highest: UInt8 = 0xbf

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    guard isGood else { return }
    for byte in piece {
      if pending > 0 {
        guard byte >= lowest, byte <= highest else {
          isGood = false
          return
        }
        pending -= 1
        lowest = 0x80
        highest = 0xbf
        continue
      }
      switch byte {
      case 0x01...0x7f: break
      case 0xc2...0xdf: pending = 1
      case 0xe0: (pending, lowest) = (2, 0xa0)
      case 0xe1...0xec, 0xee, 0xef: pending = 2
      case 0xed: (pending, highest) = (2, 0x9f)
      case 0xf0: (pending, lowest) = (3, 0x90)
      case 0xf1...0xf3: pending = 3
      case 0xf4: (pending, highest) = (3, 0x8f)
      default:
        isGood = false
        return
      }
    }
  }

  /// Good, and not cut inside a character.
  var isWhole: Bool { isGood && pending == 0 }
}
