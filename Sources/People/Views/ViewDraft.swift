import Storage
import Wire

/// What somebody says of a view that is to be kept, or is kept already.
package struct ViewDraft: Sendable, Equatable {
  package var name: String
  package var note: String
  package var isShared: Bool
  /// Whether it opens with its model for whoever says so.
  package var opensForOne: Bool
  /// Whether it does for everybody; nil where that is not theirs to say.
  package var opensForAll: Bool?

  package init(name: String, note: String = "", isShared: Bool = false, opensForOne: Bool = false) {
    self.name = name
    self.note = note
    self.isShared = isShared
    self.opensForOne = opensForOne
  }

  /// Bytes.
  package static let mostOfName = 200
  package static let mostOfNote = 2000

  /// - Throws: `PeopleFault.invalid` or `.refused`.
  func check() throws(PeopleFault) {
    guard !name.allSatisfy(\.isWhitespace) else { throw .invalid(.name, "A view needs a name.") }
    guard name.utf8.count <= Self.mostOfName else {
      throw .invalid(.name, "The name takes at most \(Self.mostOfName) bytes; this has \(name.utf8.count).")
    }
    guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw .invalid(.name, "The name of a view is one line of text.")
    }
    guard note.utf8.count <= Self.mostOfNote else {
      throw .refused("The note takes at most \(Self.mostOfNote) bytes; this has \(note.utf8.count).")
    }
    guard opensForAll != true || isShared else {
      throw .refused("What opens for everybody must be shared with them: tick both, or neither.")
    }
  }
}
