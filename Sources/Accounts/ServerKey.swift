import Glibc
import Wire

/// The server's own secret, from which every other one is derived: 32 random bytes in `DIR/secret.key`, made
/// at the first start and readable for the server's user alone. What is sealed or signed with it is lost when
/// the file is, so that it belongs into backups.
package struct ServerKey: Sendable {
  private let bytes: [UInt8]

  private static let byteCount = 32

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the key of a data directory, or makes it there. Whoever calls has the directory for itself.
  /// - Throws: `AccountFault`.
  package init(in directory: String) throws(AccountFault) {
    let path = directory + "/secret.key"
    let number = open(path, O_RDONLY | O_CLOEXEC)
    if number >= 0 {
      let file = OwnedDescriptor(number)
      var found = [UInt8](repeating: 0, count: Self.byteCount + 1)
      let count = read(file.number, &found, found.count)
      guard count == Self.byteCount else {
        throw AccountFault("\(path) is not a key of \(Self.byteCount) bytes. Restore it from a backup.")
      }
      bytes = Array(found[..<Self.byteCount])
      return
    }
    guard errno == ENOENT else { throw AccountFault("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    bytes = Secret.random(bytes: Self.byteCount)
    guard Self.write(bytes, to: path) else {
      let reason = String(cString: strerror(errno))
      unlink(path + ".new")
      throw AccountFault("\(path) cannot be written: \(reason)")
    }
  }

  /// Whole or not at all: written aside, synced, renamed.
  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    unlink(path + ".new")
    let number = open(path + ".new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard number >= 0 else { return false }
    let file = OwnedDescriptor(number)
    guard Glibc.write(file.number, bytes, bytes.count) == bytes.count, fsync(file.number) == 0,
      rename(path + ".new", path) == 0
    else { return false }
    let parent = open(String(path.dropLast("secret.key".count)), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if parent >= 0 {
      fsync(parent)
      close(parent)
    }
    return true
  }

  /// A key for one purpose; those of different labels tell nothing of each other.
  package func derived(_ label: String) -> [UInt8] { HMACSHA256.code(for: label, key: bytes) }
}
