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
  package func content(of key: BlobKey) async throws -> BlobContent {
    do {
      return try await usableBlobs.store.content(of: key)
    } catch BlobFault.missing {
      throw try await lost(key)
    }
  }

  /// Notes that bytes are not there; what is to be said of it.
  /// - Throws: `StorageError`.
  package func lost(_ key: BlobKey) async throws -> BlobFault {
    try await store.note([key], areLost: true)
    return .missing
  }

  /// A picture made smaller.
  /// - Throws: `BlobFault`.
  package func picture(of key: BlobKey, _ variant: AttachmentVariant) async throws -> PictureVariant {
    try await usableBlobs.picture(of: key, variant)
  }

  /// Bytes that one attachment may have.
  package var attachmentLimit: Int { blobs?.limit ?? 0 }

  /// Takes bytes in as they come; `receive` gives them to an id.
  /// - Throws: `BlobFault`.
  package func streamedIntake() throws -> StreamedIntake { try usableBlobs.streamedIntake() }

  /// Whether the id has bytes that are there: then it takes no others.
  /// - Throws: `StorageError`.
  package func hasBytes(_ id: ObjectID) async throws -> Bool {
    guard let record = try await attachment(id) else { return false }
    return record.hash != nil && !record.isLost
  }

  /// Gives an id bytes that came on their own; false where it has some. `admitted` throws where the caller may not
  /// any more: it is asked once the bytes are kept, which can take long.
  /// - Throws: `BlobFault`, `StorageError`, what `admitted` throws.
  package func receive(
    _ intake: FilledIntake, as id: ObjectID, named fileName: String?, in context: ObjectContext,
    admitted: () async throws -> Void
  ) async throws -> Bool {
    let blobs = try usableBlobs
    return try await keepingUploads {
      let key = try await blobs.keep(intake, for: store)
      try await admitted()
      let new = NewAttachment(id: id, intake, at: key, fileName: fileName)
      let plan = WritePlan(steps: [.receive(new)], origin: context.origin, session: context.session)
      return !(try await store.write(plan).steps[0].isFailure)
    }
  }
}
