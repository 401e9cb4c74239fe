import Crypto

/// The name of a record that is drawn at random: 12 lower-case hex digits. `Kind` keeps the names of different
/// records apart.
package struct RandomID<Kind>: Hashable, Sendable {
  package static var byteCount: Int { 6 }
  package let text: String

  /// Nil for anything but 12 lower-case hex digits.
  package init?(_ text: String) {
    guard text.utf8.count == Self.byteCount * 2, Hex.decode(text) != nil else { return nil }
    self.text = text
  }

  /// Of the first bytes of those that were drawn.
  package init(drawn bytes: [UInt8]) {
    precondition(bytes.count >= Self.byteCount, "too few bytes are a mistake of the caller")
    text = Hex.encode(Array(bytes.prefix(Self.byteCount)))
  }
}

extension RandomID: CustomStringConvertible {
  package var description: String { text }
}

package typealias PersonID = RandomID<PersonRecord>
package typealias SessionID = RandomID<SessionRecord>

extension RandomID where Kind == PersonRecord {
  /// How the oplog names this person.
  package var origin: String { "person:\(text)" }
}
