import Attachments
import Storage
import Wire

// Attachments by themselves: bytes that come on their own, and bytes that go out.

extension ObjectCalls {
  /// What is known of an attachment; nil where there is none.
  /// - Throws: `StorageError`.
  package func attachment(_ id: ObjectID) async throws -> AttachmentRecord? {
    let read: @Sendable (any Snapshot) throws -> AttachmentRecord? = { try $0.attachments([id])[id] }
    if let found = try store.readAtOnce(read) { return found }
    return try await store.read(read)
  }

  /// The bytes. Where they are not there any more, that is noted.
  /// - Throws: `BlobFault`, `StorageError`.
  package func content(of hash: ContentHash) async throws -> BlobContent {
    do {
      return try await usableBlobs.store.content(of: hash)
    } catch BlobFault.missing {
      try await store.noteLost([hash])
      throw BlobFault.missing
    }
  }

  /// Takes bytes that come on their own, for this id; false where it has bytes.
  /// - Throws: `BlobFault`, `StorageError`, and what `source` throws.
  package func receive(
    _ id: ObjectID, fileName: String?, origin: String,
    from source: @Sendable @escaping (_ piece: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) async throws -> Bool {
    try await receive(id, fileName: fileName, origin: origin, try await usableBlobs.takeIn(source))
  }

  /// The same with bytes that were taken in.
  package func receive(
    _ id: ObjectID, fileName: String?, origin: String, _ intake: FilledIntake
  ) async throws -> Bool {
    let blobs = try usableBlobs
    await blobs.holds.hold(intake.hash)
    defer { blobs.holds.release(intake.hash) }
    try await blobs.store.keep(intake)
    let new = NewAttachment(id: id, intake, fileName: fileName)
    let outcome = try await store.write(WritePlan(steps: [.receive(new)], origin: origin)).steps[0]
    return !outcome.isFailure
  }
}
