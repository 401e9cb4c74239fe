/// Whether a deployment's file, as it is opened, goes on with the feed that its readers know: the rules of
/// api.md section 11 for restored copies, as a value.
///
/// | what is found | the feed |
/// |---|---|
/// | a file that has no feed yet (new, or of layout 1) | begins |
/// | a file that never had a marker, and none beside it | goes on: its making was cut off |
/// | a marker that is gone, or no marker at all | is renewed |
/// | a marker in another file than it was written to: a copy | is renewed |
/// | a marker of another feed | is renewed |
/// | a file that ends before the marker's sequence | is renewed |
/// | all else, after whatever crash or rename | goes on |
///
/// Whatever is found, sequences go on above the marker's.
struct FeedContinuity: Equatable {
  /// What the deployment's own file says.
  struct Kept: Equatable {
    /// Nil before there was one.
    var feedID: String?
    /// Whether a marker was written for it.
    var isMarked: Bool
    /// Its last sequence.
    var last: Int64
  }

  /// What lies beside it.
  enum Found: Equatable {
    case nothing
    /// Something that is no marker.
    case rubbish
    /// A marker, and the file that it was read from.
    case marker(FeedMarker, in: FileIdentity)
  }

  enum Reason: Equatable {
    case begins, markerIsGone, markerIsRubbish, copied, otherFeed, older

    /// Why readers are told to load anew; nil where there is nothing to say.
    var clause: String? {
      switch self {
      case .begins: nil
      case .markerIsGone: "its marker file is missing, as in a copy of the data file alone"
      case .markerIsRubbish: "its marker file cannot be read"
      case .copied: "its files are copies of those that it was served from"
      case .otherFeed: "its marker file belongs to another copy of it"
      case .older: "its data is older than what was served before"
      }
    }
  }

  /// Why the feed gets a new id; nil where it keeps its own.
  let renewal: Reason?
  /// New sequences are above this one.
  let floor: Int64

  init(_ kept: Kept, _ found: Found) {
    var floor: Int64 = 0
    if case .marker(let marker, _) = found { floor = marker.sequence }
    self.floor = floor
    renewal = Self.renewal(kept, found)
  }

  private static func renewal(_ kept: Kept, _ found: Found) -> Reason? {
    guard let feedID = kept.feedID else { return .begins }
    switch found {
    case .nothing: return kept.isMarked ? .markerIsGone : nil
    case .rubbish: return .markerIsRubbish
    case .marker(let marker, let file):
      if marker.itself != file { return .copied }
      if marker.feedID != feedID { return .otherFeed }
      return kept.last < marker.sequence ? .older : nil
    }
  }
}
