import Glibc
import Storage
import Wire

/// A temporary file without a name: it is gone when nobody holds it any more, also after a crash.
final class SpoolFile {
  let descriptor: OwnedDescriptor
  /// Bytes that were appended.
  private(set) var length = 0

  /// - Throws: `StorageError.unavailable` where the directory takes no file.
  init(in directory: String) throws(StorageError) {
    var template = Array("\(directory)/answer-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else {
      throw .unavailable("no temporary file can be made in \(directory): \(String(cString: strerror(errno)))")
    }
    unlink(template)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    descriptor = OwnedDescriptor(number)
  }

  /// - Throws: `StorageError.unavailable` when the disk takes no more.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard let base = bytes.baseAddress else { return }
    var offset = 0
    while offset < bytes.count {
      let count = write(descriptor.number, base + offset, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        throw .unavailable("a temporary file of an answer cannot be written: \(String(cString: strerror(errno)))")
      }
      offset += count
    }
    length += bytes.count
  }

  /// Hands out the bytes of this range, piece by piece.
  /// - Throws: `StorageError.unavailable` where the disk fails.
  func read(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try Self.read(range, of: descriptor, body)
  }

  static func read(
    _ range: Range<Int>, of descriptor: OwnedDescriptor, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var piece = [UInt8](repeating: 0, count: min(range.count, 64 << 10))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = pread(descriptor.number, &piece, min(piece.count, range.upperBound - offset), off_t(offset))
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        throw StorageError.unavailable(
          "a temporary file of an answer cannot be read: \(count < 0 ? String(cString: strerror(errno)) : "it is short")"
        )
      }
      try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
      offset += count
    }
  }
}
