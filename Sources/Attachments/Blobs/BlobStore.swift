import Storage
import Wire

/// Where attachments' bytes lie, once per content and generation and named by them: what each engine promises.
///
/// 1. When `keep` returns, the bytes survive a power cut.
/// 2. Bytes under a key never change: to keep what is there already changes nothing.
/// 3. The same file can be kept under one key after the other, whatever became of the bytes under those before.
/// 4. Nothing waits on a thread that tasks share.
/// - Throws: `BlobFault` throughout.
package protocol BlobStore: Sendable {
  /// Takes over a file that was filled (`BlobIntake`). Bytes that are said to be lost are replaced, should there be
  /// any.
  func keep(_ intake: FilledIntake, at target: BlobTarget) async throws

  /// The bytes to be sent.
  func content(of key: BlobKey) async throws -> BlobContent

  /// The bytes as a file of this machine, for those who have to look at them: it may have to be fetched.
  func localFile(of key: BlobKey) async throws -> OwnedDescriptor

  /// The size in bytes; nil where there are none.
  func size(of key: BlobKey) async throws -> Int?

  /// No error where there are none.
  func remove(_ key: BlobKey) async throws

  /// Hands out what is there, in any order, in portions of bounded size.
  func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws
}

extension BlobStore {
  /// For stores whose content is a file anyway.
  package func localFile(of key: BlobKey) async throws -> OwnedDescriptor {
    guard case .file(let file, _) = try await content(of: key) else {
      throw BlobFault.unavailable("the blob \(key) lies elsewhere")
    }
    return file
  }
}

/// Bytes that a store has.
package struct KeptBlob: Sendable, Equatable {
  package var key: BlobKey
  package var size: Int
  /// In seconds since 1970.
  package var keptAt: Int64

  package init(_ key: BlobKey, size: Int, keptAt: Int64) {
    self.key = key
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
