import CMicrohttpd
import Synchronization

/// The identity that TLS clients are shown, which may change while they come. A connection keeps what it was
/// shown to its end.
final class ShownIdentity: Sendable {
  /// `@unchecked Sendable` is safe: what the pointer leads to is never written again and never freed.
  private struct Imported: @unchecked Sendable {
    let identity: TLSIdentity
    let pointer: OpaquePointer
  }

  private let current: Mutex<Imported>

  init(_ identity: TLSIdentity) throws(ServerError) {
    current = Mutex(try ShownIdentity.imported(identity))
  }

  var shown: OpaquePointer { current.withLock { $0.pointer } }

  /// For handshakes from now on. What was shown before stays in memory, some kilobytes for each change, so
  /// showing the same again costs nothing.
  /// - Returns: whether it is another one.
  func show(_ identity: TLSIdentity) throws(ServerError) -> Bool {
    if current.withLock({ $0.identity == identity }) { return false }
    let imported = try ShownIdentity.imported(identity)
    current.withLock { $0 = imported }
    return true
  }

  private static func imported(_ identity: TLSIdentity) throws(ServerError) -> Imported {
    guard let pointer = sojourn_tls_identity_import(identity.certificatePEM, identity.privateKeyPEM) else {
      throw .certificate("the certificate and its private key cannot be used by the TLS library")
    }
    return Imported(identity: identity, pointer: pointer)
  }
}
