import Storage
import Wire

/// The bytes of related objects while they wait to be copied into an answer: up to 4 MiB in memory, beyond
/// that in a temporary file. So a page whose related objects are large costs disk and not memory.
struct EmbeddedBytes: ~Copyable {
  static let bytesInMemory = 4 << 20

  /// What is appended now. An object is at `start` of its own writing and ends before `settle`.
  var writer = ByteWriter(capacity: 4096)
  private let folder: SpoolFolder
  private var file: SpoolFile?

  init(_ folder: SpoolFolder) { self.folder = folder }

  /// Where the next byte will stand.
  var end: Int { moved + writer.count }
  /// Where the writer's first byte stands.
  var moved: Int { file?.length ?? 0 }
  /// Whether some of it is in the file.
  var isSpilled: Bool { file != nil }

  /// To be called between objects.
  mutating func settle() throws(StorageError) {
    guard writer.count > Self.bytesInMemory else { return }
    let file: SpoolFile
    if let there = self.file { file = there } else { file = try SpoolFile(in: folder) }
    self.file = file
    try writer.withBytes { bytes throws(StorageError) in try file.append(bytes) }
    writer.removeAll()
  }

  /// Appends the bytes of this range, which lies within one object.
  func copy(_ range: Range<Int>, to spool: inout AnswerSpool) throws {
    if range.lowerBound >= moved {
      writer.withBytes {
        spool.writer.append(UnsafeRawBufferPointer(rebasing: $0[range.lowerBound - moved..<range.upperBound - moved]))
      }
      return try spool.settle()
    }
    try file?.read(range) { piece in
      spool.writer.append(piece)
      try spool.settle()
    }
  }
}
