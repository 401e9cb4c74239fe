import Storage
import Wire

/// An answer while it is being written: up to 256 KiB in memory, beyond that in an unlinked temporary
/// file, or in memory while the disk takes none (api.md section 6). So memory does not grow with the answer, and no snapshot waits for a client.
package struct AnswerSpool: ~Copyable {
  package var writer: ByteWriter
  private let folder: SpoolFolder
  private var file: SpoolFile?

  package static let bytesInMemory = 256 << 10

  /// `expected` bytes are made room for at once, so that what is written need not move while it grows.
  package init(_ folder: SpoolFolder, expected: Int = 0) {
    self.folder = folder
    writer = ByteWriter(capacity: min(max(expected, Self.leastBytes), Self.bytesInMemory))
  }

  private static let leastBytes = 4096

  /// Bytes of the answer so far.
  package var length: Int { (file?.length ?? 0) + writer.count }

  /// To be called between objects, and between parts of large ones: moves what has gathered to the file once it is too much.
  /// - Throws: `StorageError.noRoomForAnswer` when neither disk nor memory takes more.
  package mutating func settle() throws(StorageError) {
    if writer.count > Self.bytesInMemory { return try flush() }
    if writer.count > Self.bytesOfMost, writer.capacity < SpoolRoom.bytes { moveToRoom() }
  }

  /// What most answers do not reach.
  private static let bytesOfMost = 96 << 10

  private mutating func moveToRoom() {
    var room = folder.memory.room.take() ?? ByteWriter(capacity: SpoolRoom.bytes)
    writer.withBytes { room.append($0) }
    swap(&writer, &room)
  }

  private mutating func flush() throws(StorageError) {
    let file: SpoolFile
    if let there = self.file { file = there } else { file = try SpoolFile(in: folder) }
    self.file = file
    try writer.withBytes { bytes throws(StorageError) in try file.append(bytes) }
    writer.removeAll()
  }

  /// Ends the answer.
  package consuming func finish() throws(StorageError) -> RenderedAnswer {
    if let file {
      try flush()
      folder.memory.room.put(writer)
      return .file(file.descriptor, length: file.length)
    }
    return .memory(writer.detach())
  }
}

/// An answer's bytes, complete.
package enum RenderedAnswer: Sendable {
  case memory(ByteBlock)
  /// From the file's beginning.
  case file(OwnedDescriptor, length: Int)

  /// All of it in memory.
  /// - Throws: `StorageError.unavailable` where the disk fails.
  package func block() throws -> ByteBlock {
    switch self {
    case .memory(let block): return block
    case .file(let descriptor, let length):
      var writer = ByteWriter(capacity: length)
      try SpoolFile.read(0..<length, of: descriptor) { writer.append($0) }
      return writer.detach()
    }
  }
}
