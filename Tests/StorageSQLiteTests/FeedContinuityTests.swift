import Testing

@testable import StorageSQLite

@Suite("A feed")
struct FeedContinuityTests {
  private static let here = FileIdentity(inode: 7, birth: 1000)
  private static let feed = "aaaa"

  private static func marker(
    _ feedID: String = feed, _ sequence: Int64 = 50, itself: FileIdentity = here, in file: FileIdentity = here
  ) -> FeedContinuity.Found {
    .marker(FeedMarker(feedID: feedID, sequence: sequence, itself: itself), in: file)
  }

  private struct Row: CustomStringConvertible {
    var what: String
    var feedID: String? = FeedContinuityTests.feed
    var isMarked = true
    var last: Int64 = 50
    var found: FeedContinuity.Found
    var renewal: FeedContinuity.Reason?
    var floor: Int64 = 50

    var description: String { what }
  }

  private static let rows: [Row] = [
    Row(what: "closed in order", found: marker(), renewal: nil),
    Row(what: "killed after more was written", last: 90, found: marker(), renewal: nil),
    Row(what: "moved by rename", found: marker(), renewal: nil),
    Row(what: "new", feedID: nil, isMarked: false, last: 0, found: .nothing, renewal: .begins, floor: 0),
    Row(what: "of layout 1", feedID: nil, isMarked: false, found: .nothing, renewal: .begins, floor: 0),
    Row(
      what: "an old copy of layout 1 beside a newer marker", feedID: nil, isMarked: false, last: 9, found: marker(),
      renewal: .begins),
    Row(what: "cut off before its first marker", isMarked: false, found: .nothing, renewal: nil, floor: 0),
    Row(what: "cut off between its first marker and the note of it", isMarked: false, found: marker(), renewal: nil),
    Row(what: "the file alone was copied", found: .nothing, renewal: .markerIsGone, floor: 0),
    Row(what: "a marker that is damaged", found: .rubbish, renewal: .markerIsRubbish, floor: 0),
    Row(what: "copied with its marker", found: marker(in: FileIdentity(inode: 8, birth: 2000)), renewal: .copied),
    Row(
      what: "copied to where the number of the inode was free again",
      found: marker(in: FileIdentity(inode: 7, birth: 2000)), renewal: .copied),
    Row(what: "copied at the same moment", found: marker(in: FileIdentity(inode: 8, birth: 1000)), renewal: .copied),
    Row(
      what: "a file system without birth times",
      found: marker(itself: FileIdentity(inode: 7, birth: -1), in: FileIdentity(inode: 7, birth: -1)), renewal: nil),
    Row(what: "renewed by another server", found: marker("bbbb"), renewal: .otherFeed),
    Row(what: "an older file under the marker", last: 49, found: marker(), renewal: .older),
    Row(what: "an emptied file under the marker", last: 0, found: marker(), renewal: .older),
    Row(what: "never written to", last: 0, found: marker(feed, 0), renewal: nil, floor: 0),
  ]

  @Test("goes on or is renewed by what is found, and never goes back", arguments: rows.indices)
  func decisions(index: Int) {
    let row = Self.rows[index]
    let continuity = FeedContinuity(.init(feedID: row.feedID, isMarked: row.isMarked, last: row.last), row.found)
    #expect(continuity.renewal == row.renewal, "\(row)")
    #expect(continuity.floor == row.floor, "\(row)")
  }

  @Test("markers read back as they were written")
  func texts() {
    for marker in [
      FeedMarker(feedID: "aaaa", sequence: 0, itself: FileIdentity(inode: .max, birth: -1)),
      FeedMarker(feedID: "0f", sequence: 1_848_563_712_000_001, itself: FileIdentity(inode: 1, birth: .max)),
    ] {
      #expect(FeedMarker(text: marker.text) == marker)
    }
  }

  @Test(
    "other texts are no markers",
    arguments: [
      "", "\n", "sojourn feed marker 1", "sojourn feed marker 2\nfeed a\nsequence 1\ninode 1\nbirth 1\n",
      "sojourn feed marker 1\nfeed \nsequence 1\ninode 1\nbirth 1\n",
      "sojourn feed marker 1\nfeed a\nsequence -1\ninode 1\nbirth 1\n",
      "sojourn feed marker 1\nfeed a\nsequence 9223372036854775807\ninode 1\nbirth 1\n",
      "sojourn feed marker 1\nfeed a\nsequence 1\ninode -1\nbirth 1\n",
      "sojourn feed marker 1\nfeed a\nsequence 1\ninode 1\nbirth 99999999999999999999\n",
      "sojourn feed marker 1\nfeed a\nsequence 1\ninode 1\n",
      "sojourn feed marker 1\nsequence 1\nfeed a\ninode 1\nbirth 1\n",
    ])
  func rubbish(text: String) { #expect(FeedMarker(text: text) == nil) }
}
