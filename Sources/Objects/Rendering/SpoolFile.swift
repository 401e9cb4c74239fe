import CMemoryFile
import Glibc
import Storage
import Wire

/// A temporary file without a name: it is gone when nobody holds it any more, also after a crash. While the disk
/// takes no file, or no more of one, it is a file in memory, within what all answers may take together: who reads is
/// served on a full disk too.
final class SpoolFile {
  private(set) var descriptor: OwnedDescriptor
  /// Bytes that were appended.
  private(set) var length = 0
  private let folder: SpoolFolder
  /// What it takes of memory; nil while it lies on the disk.
  private var share: SpoolMemory.Share?

  /// - Throws: `StorageError.unavailable` where the system has no file to give.
  init(in folder: SpoolFolder) throws(StorageError) {
    self.folder = folder
    var template = Array("\(folder.path)/answer-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    if number >= 0 {
      unlink(template)
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      descriptor = OwnedDescriptor(number)
    } else {
      (descriptor, share) = try Self.inMemory(folder.memory)
    }
  }

  private static func inMemory(
    _ memory: SpoolMemory
  ) throws(StorageError) -> (OwnedDescriptor, SpoolMemory.Share?) {
    let number = sojourn_memory_file("answer")
    guard number >= 0 else {
      throw errno == EMFILE || errno == ENFILE
        ? .tooManyFiles : .unavailable("no file in memory can be made: \(String(cString: strerror(errno)))")
    }
    let share = SpoolMemory.Share(of: memory)
    return (OwnedDescriptor(number, keeping: share), share)
  }

  /// - Throws: `StorageError.noRoomForAnswer` when neither disk nor memory takes more.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    if share == nil, !Self.write(bytes, to: descriptor, at: length) { try moveToMemory() }
    if let share {
      try share.take(bytes.count)
      guard Self.write(bytes, to: descriptor, at: length) else {
        throw .unavailable("a file in memory cannot be written: \(String(cString: strerror(errno)))")
      }
    }
    length += bytes.count
  }

  /// Takes what has been appended along, and leaves its room to others.
  private func moveToMemory() throws(StorageError) {
    let (new, share) = try Self.inMemory(folder.memory)
    try share?.take(length)
    var position = 0
    do {
      try read(0..<length) { piece in
        guard Self.write(piece, to: new, at: position) else {
          throw StorageError.unavailable("a file in memory cannot be written: \(String(cString: strerror(errno)))")
        }
        position += piece.count
      }
    } catch {
      throw error as? StorageError ?? .unavailable("\(error)")
    }
    (descriptor, self.share) = (new, share)
  }

  /// Whether all of it was taken.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: OwnedDescriptor, at start: Int) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var offset = 0
    while offset < bytes.count {
      let count = pwrite(descriptor.number, base + offset, bytes.count - offset, off_t(start + offset))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      offset += count
    }
    return true
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
