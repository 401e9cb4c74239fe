import Crypto
import Wire

/// Where attachments' bytes lie, once per content and named by it: what each engine promises.
///
/// 1. When `keep` returns, the bytes survive a power cut.
/// 2. Bytes under a hash never change: to keep what is there already changes nothing.
/// 3. Nothing waits on a thread that tasks share.
/// - Throws: `BlobFault` throughout.
package protocol BlobStore: Sendable {
  /// Takes over a file that was filled (`BlobIntake`).
  func keep(_ intake: FilledIntake) async throws

  /// The bytes to be sent.
  func content(of hash: ContentHash) async throws -> BlobContent

  /// The bytes as a file of this machine, for those who have to look at them: it may have to be fetched.
  func localFile(of hash: ContentHash) async throws -> OwnedDescriptor

  /// The size in bytes; nil where there are none.
  func size(of hash: ContentHash) async throws -> Int?

  /// No error where there are none.
  func remove(_ hash: ContentHash) async throws

  /// Hands out what is there, in any order, in portions of bounded size.
  func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws
}

extension BlobStore {
  /// For stores whose content is a file anyway.
  package func localFile(of hash: ContentHash) async throws -> OwnedDescriptor {
    guard case .file(let file, _) = try await content(of: hash) else {
      throw BlobFault.unavailable("the blob \(hash) lies elsewhere")
    }
    return file
  }
}

/// Bytes that a store has.
package struct KeptBlob: Sendable, Equatable {
  package var hash: ContentHash
  package var size: Int
  /// In seconds since 1970.
  package var keptAt: Int64

  package init(hash: ContentHash, size: Int, keptAt: Int64) {
    self.hash = hash
    self.size = size
    self.keptAt = keptAt
  }
}

/// How bytes are had.
package enum BlobContent: Sendable {
  case file(OwnedDescriptor, size: Int)
  /// From the object store itself, by a request of the client's own.
  case elsewhere(PresignedRequest)
}

/// Makes an address at which the client gets bytes from the object store, with the headers to answer.
package struct PresignedRequest: Sendable {
  /// An address is good for one of them.
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
  }

  private let make: @Sendable (Method, String, String) -> String

  /// - Parameters: method, content type, content disposition.
  package init(address make: @escaping @Sendable (Method, String, String) -> String) { self.make = make }

  package func address(_ method: Method, _ contentType: String, _ disposition: String) -> String {
    make(method, contentType, disposition)
  }
}
