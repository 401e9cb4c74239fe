import Crypto
import Glibc
import Wire

/// The server's own secret: 32 random bytes in `DIR/secret.key`, from which the keys for particular purposes
/// are derived. Who has it can sign addresses of attachments and open what is sealed; it belongs into every
/// backup of the data directory.
package struct ServerKey: Sendable {
  package static let byteCount = 32
  private let bytes: [UInt8]

  /// Nil unless there are 32.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  private init(drawn bytes: [UInt8]) { self.bytes = bytes }

  /// A fresh one.
  package static func random() -> ServerKey { ServerKey(drawn: Secret.random(bytes: byteCount)) }

  /// The key for one purpose: from it nothing can be learnt of the keys for others.
  package func derived(_ label: String) -> [UInt8] { HMACSHA256.code(for: label, key: bytes) }

  /// The key that lies at this path; one is made, on disk when this returns, where there is no file. Only the
  /// process that has the data directory may call it.
  /// - Throws: `DeploymentFault` with a sentence for people.
  package static func load(at path: String) throws(DeploymentFault) -> ServerKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return try make(at: path) }
    guard descriptor >= 0 else { throw DeploymentFault("\(path) cannot be opened: \(reason).") }
    let file = OwnedDescriptor(descriptor)
    var bytes = [UInt8](repeating: 0, count: byteCount + 1)
    let count = read(file.number, &bytes, bytes.count)
    guard count == byteCount, let key = ServerKey(bytes: Array(bytes.prefix(byteCount))) else {
      throw DeploymentFault(
        "\(path) is not the server's key, which has \(byteCount) bytes. Restore it from a backup. Without it, "
          + "addresses of attachments that were handed out and secrets of webhooks cannot be used any more.")
    }
    return key
  }

  private static func make(at path: String) throws(DeploymentFault) -> ServerKey {
    let key = random()
    let new = path + ".new"
    let descriptor = MadeFile.open(new, O_WRONLY | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw DeploymentFault("\(new) cannot be made: \(reason).") }
    let file = OwnedDescriptor(descriptor)
    // The name comes last: a file that has it is whole.
    guard write(file.number, key.bytes, byteCount) == byteCount, fsync(file.number) == 0, rename(new, path) == 0
    else { throw DeploymentFault("\(path) cannot be written: \(reason).") }
    let parent = OwnedDescriptor(open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    guard parent.number >= 0, fsync(parent.number) == 0 || errno == EINVAL else {
      throw DeploymentFault("\(path) cannot be synced: \(reason).")
    }
    return key
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
