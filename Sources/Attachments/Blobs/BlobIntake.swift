import Crypto
import Glibc
import Wire

/// A temporary file that takes in bytes as they come, hashing them, in constant memory. One that is not
/// kept is removed.
package struct BlobIntake: ~Copyable {
  private let file: IntakeFile
  private let limit: Int
  private var hash = SHA256()
  private var count = 0

  /// `directory` must be on the file system on which the bytes will be kept. `limit` is in bytes.
  package init(directory: String, limit: Int) throws(BlobFault) {
    self.file = try IntakeFile(directory: directory)
    self.limit = limit
  }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(BlobFault) {
    guard bytes.count <= limit - count else { throw .tooLarge(limit: limit) }
    var offset = 0
    while offset < bytes.count {
      let written = write(file.descriptor.number, bytes.baseAddress! + offset, bytes.count - offset)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw .unavailable("an attachment cannot be written: \(String(cString: strerror(errno)))")
      }
      offset += written
    }
    hash.update(bytes)
    count += bytes.count
  }

  /// Puts the bytes on disk and looks at them.
  package consuming func finish() throws(BlobFault) -> FilledIntake {
    guard fdatasync(file.descriptor.number) == 0 else {
      throw .unavailable("an attachment cannot be synced: \(String(cString: strerror(errno)))")
    }
    let traits = try ContentTraits.found(in: FileSource(descriptor: file.descriptor.number, count: count))
    return FilledIntake(file: file, hash: ContentHash(finishing: hash), size: count, traits: traits)
  }
}

/// A file that is full, on disk, and not yet kept.
package struct FilledIntake: Sendable {
  package let file: IntakeFile
  package let hash: ContentHash
  /// In bytes.
  package let size: Int
  package let traits: ContentTraits
}

/// A file under a temporary name, which it loses when nobody holds it any more.
package final class IntakeFile: Sendable {
  package let descriptor: OwnedDescriptor
  package let path: String

  package init(directory: String) throws(BlobFault) {
    var template = Array("\(directory)/XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else {
      throw .unavailable("no file can be made in \(directory): \(String(cString: strerror(errno)))")
    }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    MadeFile.adopt(number, in: directory)
    descriptor = OwnedDescriptor(number)
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// Where other processes fill files too, one that is this old was left by one that is gone.
  private static let mostAge = 86_400

  /// Makes a directory for such files where it is missing, and removes what an earlier process left there. One that is
  /// shared may hold files that another process is filling now.
  package static func prepare(_ directory: String, isShared: Bool = false) throws(BlobFault) {
    try LocalBlobs.make(directory)
    for name in LocalBlobs.names(in: directory) {
      let path = "\(directory)/\(name)"
      if isShared, !isOld(path) { continue }
      unlink(path)
    }
  }

  private static func isOld(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && time(nil) - status.st_mtim.tv_sec > mostAge
  }

  /// Once it was kept there is nothing under the name any more.
  deinit { unlink(path) }
}
