import Synchronization
import Wire

/// Draws the ids of requests that bring none: fifteen characters of 75 bits, unique and not to be guessed
/// from one another by accident. They are names, not secrets.
///
/// Two random words and a counter, mixed: no system call per request, and the result fits the fifteen
/// bytes that a Swift text keeps without an allocation.
final class RequestIdentifiers: Sendable {
  private let seed: (UInt64, UInt64)
  private let counter = Atomic<UInt64>(0)

  init<G: RandomNumberGenerator>(using generator: inout G) {
    seed = (generator.next(), generator.next())
  }

  private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

  func next() -> String {
    let (number, _) = counter.wrappingAdd(1, ordering: .relaxed)
    var high = SplitMix.mixed(seed.0 &+ number &* 0x9e37_79b9_7f4a_7c15)
    var low = SplitMix.mixed(seed.1 ^ high &+ number)
    return String(unsafeUninitializedCapacity: 15) { text in
      let alphabet = RequestIdentifiers.alphabet.utf8Start
      for position in 0..<8 {
        text[position] = alphabet[Int(high & 31)]
        high >>= 5
      }
      for position in 8..<15 {
        text[position] = alphabet[Int(low & 31)]
        low >>= 5
      }
      return 15
    }
  }

  /// Whether a caller's own id may be used: 1 to 128 visible ASCII characters (api.md section 2).
  static func isUsable(_ id: UnsafeRawBufferPointer) -> Bool {
    (1...128).contains(id.count) && id.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
