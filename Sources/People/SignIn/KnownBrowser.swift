import Crypto
import Storage
import Wire

/// A browser in which somebody has signed in before, as its cookie says: strangers cannot slow its owner down.
package struct KnownBrowser: Sendable, Equatable {
  /// 16 random bytes in hex digits.
  package let id: String
  package let person: PersonID

  package static let idBytes = 16

  package init(drawn bytes: [UInt8], person: PersonID) {
    id = Hex.encode(bytes)
    self.person = person
  }

  /// `{id}.{person}.{code}`
  package func text(key: [UInt8]) -> String { "\(claim).\(Hex.encode(HMACSHA256.code(for: claim, key: key)))" }

  private var claim: String { "\(id).\(person)" }

  /// Nil for a cookie that is none of ours.
  package init?(_ text: String, key: [UInt8]) {
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= 256, parts.count == 3, let bytes = Hex.decode(parts[0]), bytes.count == Self.idBytes,
      let person = PersonID(parts[1]), let code = Hex.decode(parts[2])
    else { return nil }
    self.init(drawn: bytes, person: person)
    guard HMACSHA256.isValid(code, for: Array(claim.utf8), key: key) else { return nil }
  }
}
