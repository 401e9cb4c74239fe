/// What lies beside a deployment's file, to be compared with it when it is opened: how far the file had
/// come, and which file the marker itself is. A copy of the marker, however made, is another file.
struct FeedMarker: Equatable, Sendable {
  /// The feed's id when the marker was written.
  var feedID: String
  /// A sequence that was certainly committed; 0 while there was none.
  var sequence: Int64
  /// The marker's own file.
  var itself: FileIdentity

  /// Beyond this nothing is a sequence of ours (api.md section 11).
  private static let furthest: Int64 = 1 << 60
  private static let opening = "sojourn feed marker 1"

  init(feedID: String, sequence: Int64, itself: FileIdentity) {
    self.feedID = feedID
    self.sequence = sequence
    self.itself = itself
  }

  /// Lines of a word and a value.
  var text: String {
    """
    \(Self.opening)
    feed \(feedID)
    sequence \(sequence)
    inode \(itself.inode)
    birth \(itself.birth)

    """
  }

  /// Nil where the text is no marker.
  init?(text: String) {
    let lines = text.split(separator: "\n")
    guard lines.count == 5, lines[0] == Self.opening else { return nil }
    func value(_ line: Int, _ word: String) -> Substring? {
      let parts = lines[line].split(separator: " ", omittingEmptySubsequences: false)
      return parts.count == 2 && parts[0] == word ? parts[1] : nil
    }
    guard let feedID = value(1, "feed"), !feedID.isEmpty, let sequence = value(2, "sequence").flatMap({ Int64($0) }),
      (0..<Self.furthest).contains(sequence), let inode = value(3, "inode").flatMap({ UInt64($0) }),
      let birth = value(4, "birth").flatMap({ Int64($0) })
    else { return nil }
    self.init(feedID: String(feedID), sequence: sequence, itself: FileIdentity(inode: inode, birth: birth))
  }
}

/// What tells a file from every copy of it.
struct FileIdentity: Equatable, Sendable {
  var inode: UInt64
  /// Nanoseconds since 1970; -1 where the file system does not know when a file came to be, and then the
  /// inode alone must do: the time of the last change, which every file has, moves with each rename.
  var birth: Int64
}
