import Attachments
import Glibc
import Storage
import Wire

/// Blobs as objects of a bucket, `PREFIX/HASH`, from the second generation on `PREFIX/HASH.2`. Whoever reads one is sent there with a signed address.
package final class S3BlobStore: BlobStore {
  private let client: S3Client
  private let prefix: String
  private let directory: String
  private let pageSize: Int

  /// How long a client has to follow the address that it was sent.
  static let addressSeconds = 900

  /// `prefix`, such as a deployment's id, has letters, digits and `-` alone. In `directory` lie files that
  /// are fetched for a look. Lists are asked for in pages of so many objects.
  package init(_ client: S3Client, prefix: String, directory: String, pageSize: Int = 1000) {
    self.client = client
    self.prefix = prefix
    self.directory = directory
    self.pageSize = pageSize
  }

  /// Bytes that are there already are sent again: their time in the bucket is then this one, and no sweep
  /// takes them for old.
  package func keep(_ intake: FilledIntake, at target: BlobTarget) async throws {
    let request = S3Request(
      method: .put, key: name(BlobKey(intake.hash, generation: target.generation)),
      body: .file(intake.file.descriptor, size: intake.size, hash: intake.hash))
    let answer = try await client.send(request)
    guard answer.status < 300 else { throw client.fault("\(answer.problem): is there such a bucket?") }
    // The file must stay until its bytes have gone.
    withExtendedLifetime(intake) {}
  }

  package func content(of key: BlobKey) async throws -> BlobContent {
    guard try await size(of: key) != nil else { throw BlobFault.missing }
    let settings = client.settings
    let path = settings.path(of: name(key))
    let clock = client.clock
    return .elsewhere(
      PresignedRequest { method, type, disposition in
        let query = settings.signature.presigned(
          method.rawValue, path: path, host: settings.host,
          query: [("response-content-type", type), ("response-content-disposition", disposition)],
          seconds: S3BlobStore.addressSeconds, at: clock.now)
        return "\(settings.scheme)://\(settings.host)\(path)?\(query)"
      })
  }

  package func localFile(of key: BlobKey) async throws -> OwnedDescriptor {
    let file = try IntakeFile(directory: directory)
    unlink(file.path)
    let answer = try await client.send(S3Request(method: .get, key: name(key), target: file.descriptor))
    guard answer.status != 404 else { throw BlobFault.missing }
    return file.descriptor
  }

  package func size(of key: BlobKey) async throws -> Int? {
    let answer = try await client.send(S3Request(method: .head, key: name(key)))
    if answer.status == 404 { return nil }
    guard let length = answer.length else { throw client.fault("it does not say how large an object is") }
    return length
  }

  package func remove(_ key: BlobKey) async throws {
    _ = try await client.send(S3Request(method: .delete, key: name(key)))
  }

  package func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws {
    try await walk { page in
      let kept = page.entries.compactMap { entry -> KeptBlob? in
        guard let key = BlobKey(String(entry.key.dropFirst(prefix.utf8.count + 1))) else { return nil }
        return KeptBlob(key, size: entry.size, keptAt: entry.modified.secondsSince1970)
      }
      if !kept.isEmpty { try await portion(kept) }
    }
  }

  /// Removes everything below the prefix, of a deployment that was deleted.
  package func removeAll() async throws {
    try await walk { page in
      for entry in page.entries where S3ListPage.isPlain(entry.key) {
        _ = try await client.send(S3Request(method: .delete, key: entry.key))
      }
    }
  }

  private func walk(_ visit: (S3ListPage) async throws -> Void) async throws {
    var token: String?
    repeat {
      var query: [(name: String, value: String)] = [
        ("list-type", "2"), ("prefix", prefix + "/"), ("max-keys", String(pageSize)),
      ]
      if let token { query.append(("continuation-token", token)) }
      let answer = try await client.send(S3Request(method: .get, query: query))
      guard answer.status < 300 else { throw client.fault("\(answer.problem): is there such a bucket?") }
      guard let page = S3ListPage(xml: answer.body) else { throw client.fault("its list of objects cannot be read") }
      try await visit(page)
      guard page.next != token || token == nil else { throw client.fault("its list of objects does not go on") }
      token = page.next
    } while token != nil
  }

  private func name(_ key: BlobKey) -> String { "\(prefix)/\(key)" }
}
