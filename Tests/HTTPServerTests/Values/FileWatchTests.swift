import Testing

@testable import HTTPServer

@Suite("Files that are replaced")
struct FileWatchTests {
  private func stamp(_ seconds: Int64) -> FileWatch.Stamp {
    FileWatch.Stamp(device: 1, inode: 2, size: 3, seconds: seconds, nanoseconds: 0)
  }

  @Test("are due once, when they have stayed the same from one look to the next")
  func settled() {
    // The looks one after the other: the seconds of certificate and key (nil: not there), and whether they
    // are to be read.
    let looks: [(certificate: Int64?, key: Int64?, isDue: Bool)] = [
      (1, 1, false), (1, 1, false),
      // One of the two was replaced, then the other.
      (2, 1, false), (2, 2, false), (2, 2, true), (2, 2, false),
      // Gone for a moment, while somebody renames.
      (nil, 2, false), (3, 2, false), (3, 2, true),
      // Gone for good: said once.
      (nil, 2, false), (nil, 2, true), (nil, 2, false),
      // What was there before comes back.
      (3, 2, false), (3, 2, true), (3, 2, false),
      // Changed and changed back between the looks.
      (4, 2, false), (3, 2, false), (3, 2, false),
    ]
    var watch = FileWatch([stamp(1), stamp(1)])
    for (index, look) in looks.enumerated() {
      #expect(watch.isDue([look.certificate.map(stamp), look.key.map(stamp)]) == look.isDue, "look \(index)")
    }
  }

  @Test("differ by each of what the file system says of them")
  func stamps() {
    let plain = FileWatch.Stamp(device: 1, inode: 2, size: 3, seconds: 4, nanoseconds: 5)
    let others = [
      FileWatch.Stamp(device: 9, inode: 2, size: 3, seconds: 4, nanoseconds: 5),
      FileWatch.Stamp(device: 1, inode: 9, size: 3, seconds: 4, nanoseconds: 5),
      FileWatch.Stamp(device: 1, inode: 2, size: 9, seconds: 4, nanoseconds: 5),
      FileWatch.Stamp(device: 1, inode: 2, size: 3, seconds: 9, nanoseconds: 5),
      FileWatch.Stamp(device: 1, inode: 2, size: 3, seconds: 4, nanoseconds: 9),
    ]
    for other in others { #expect(other != plain) }
    #expect(FileWatch.Stamp(of: "/no/such/file") == nil)
    #expect(FileWatch.Stamp(of: "/proc/self/exe") != nil)
  }
}
