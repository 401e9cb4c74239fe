import Glibc
import Storage
import Wire

/// An answer while it is being written: up to 256 KiB in memory, beyond that in an unlinked temporary
/// file (api.md section 6). So memory does not grow with the answer, and no snapshot waits for a client.
package struct AnswerSpool: ~Copyable {
  package var writer = ByteWriter(capacity: 4096)
  private let directory: String
  private var file: OwnedDescriptor?
  private var written = 0

  package static let bytesInMemory = 256 << 10

  /// `directory` takes the temporary file, should there be one.
  package init(directory: String) { self.directory = directory }

  /// To be called between objects: moves what has gathered to the file once it is too much.
  /// - Throws: `StorageError.unavailable` when the disk takes no more.
  package mutating func settle() throws(StorageError) {
    if writer.count > Self.bytesInMemory { try flush() }
  }

  private mutating func flush() throws(StorageError) {
    let descriptor: OwnedDescriptor
    if let file { descriptor = file } else { descriptor = try Self.openUnlinked(in: directory) }
    file = descriptor
    let failure = writer.withBytes { bytes -> Int32 in
      var offset = 0
      while offset < bytes.count {
        let count = write(descriptor.number, bytes.baseAddress! + offset, bytes.count - offset)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return errno }
        offset += count
      }
      return 0
    }
    guard failure == 0 else {
      throw .unavailable("a temporary file of an answer cannot be written: \(String(cString: strerror(failure)))")
    }
    written += writer.count
    writer.removeAll()
  }

  private static func openUnlinked(in directory: String) throws(StorageError) -> OwnedDescriptor {
    var template = Array("\(directory)/answer-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else {
      throw .unavailable("no temporary file can be made in \(directory): \(String(cString: strerror(errno)))")
    }
    unlink(template)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return OwnedDescriptor(number)
  }

  /// Ends the answer.
  package consuming func finish() throws(StorageError) -> RenderedAnswer {
    if let file {
      try flush()
      return .file(file, length: written)
    }
    return .memory(writer.detach())
  }
}

/// An answer's bytes, complete.
package enum RenderedAnswer: Sendable {
  case memory(ByteBlock)
  /// From the file's beginning.
  case file(OwnedDescriptor, length: Int)
}
