import CStat
import Glibc
import Storage
import Wire

/// The file beside a deployment's own that keeps its `FeedMarker`.
struct MarkerFile: Sendable {
  let path: String

  /// A marker has about 150 bytes.
  private static let limit = 1024

  /// The marker of the deployment whose file lies at this path.
  init(of database: String) {
    path = (database.hasSuffix(".db") ? String(database.dropLast(3)) : database) + ".marker"
  }

  /// Where a marker lies until it is whole.
  var temporaryPath: String { path + ".new" }

  func read() -> FeedContinuity.Found {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return errno == ENOENT ? .nothing : .rubbish }
    let file = OwnedDescriptor(number)
    var bytes = [UInt8](repeating: 0, count: Self.limit)
    let count = Glibc.read(file.number, &bytes, bytes.count)
    guard count > 0, let identity = Self.identity(of: file),
      let marker = FeedMarker(text: String(decoding: bytes.prefix(count), as: UTF8.self))
    else { return .rubbish }
    return .marker(marker, in: identity)
  }

  /// Puts a marker there that is whole whenever the process or the machine ends: written aside, synced,
  /// renamed. A rename keeps a file's identity, which the marker therefore can hold itself.
  /// - Throws: `StorageError.unavailable`.
  func write(feedID: String, sequence: Int64) throws(StorageError) {
    unlink(temporaryPath)
    let number = MadeFile.open(temporaryPath, O_WRONLY | O_EXCL, 0o600)
    guard number >= 0 else { throw failure() }
    let file = OwnedDescriptor(number)
    guard let identity = Self.identity(of: file) else { throw failure() }
    let text = Array(FeedMarker(feedID: feedID, sequence: sequence, itself: identity).text.utf8)
    guard Glibc.write(file.number, text, text.count) == text.count, fsync(file.number) == 0,
      rename(temporaryPath, path) == 0
    else { throw failure() }
    DataDirectory.sync(parentOf: path)
  }

  private func failure() -> StorageError {
    let reason = String(cString: strerror(errno))
    unlink(temporaryPath)
    return .unavailable("the marker \(path) cannot be written: \(reason)")
  }

  private static func identity(of file: OwnedDescriptor) -> FileIdentity? {
    var identity = FileIdentity(inode: 0, birth: -1)
    return sojourn_file_identity(file.number, &identity.inode, &identity.birth) == 0 ? identity : nil
  }
}
