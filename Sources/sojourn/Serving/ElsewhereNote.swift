import Attachments
import Deployments
import Glibc
import Wire

/// A note in the data directory that attachments lie in an object store, so that nobody who forgets the
/// settings takes all of them for missing: `DIR/blobs.elsewhere`.
struct ElsewhereNote {
  let directory: String

  private var path: String { directory + "/blobs.elsewhere" }

  /// The object store in words; nil where the bytes lie in the directory.
  var noted: String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = OwnedDescriptor(descriptor)
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count = read(file.number, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// - Throws: `DeploymentFault` where it cannot be written.
  func write(_ store: String) throws {
    if noted == store { return }
    let descriptor = MadeFile.open(path, O_WRONLY | O_TRUNC, 0o600)
    let text = Array((store + "\n").utf8)
    guard descriptor >= 0 else { throw DeploymentFault("\(path) cannot be made: \(String(cString: strerror(errno))).") }
    let file = OwnedDescriptor(descriptor)
    guard Glibc.write(file.number, text, text.count) == text.count, fsync(file.number) == 0 else {
      throw DeploymentFault("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
  }
}

extension ElsewhereNote {
  /// Why there are no blobs where the object store's settings were not given.
  static func reason(_ store: String) -> String {
    "the attachments of this data directory lie in \(store); give the settings of that object store (SOJOURN_S3_BUCKET and "
      + "the others)"
  }
}

/// Stands for blobs whose place was not said: nothing can be done with them.
struct AbsentBlobEngine: BlobEngine {
  let reason: String

  private var fault: BlobFault { .unavailable(reason) }

  func store(of deployment: String) throws(BlobFault) -> any BlobStore { throw fault }
  func intakeDirectory(of deployment: String) throws(BlobFault) -> String { throw fault }
  func deployments() async throws -> [String] { [] }
  func remove(deployment: String) async throws { throw fault }
}
