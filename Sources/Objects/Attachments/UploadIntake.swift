import Attachments
import Crypto
import DataModel
import QueryLanguage
import Storage
import Wire

/// Takes the uploads of one request in, before its plan is made: decodes them onto disk, checks what they are,
/// keeps their bytes, and gives each an id that the plan's steps then name. One file is open at a time.
struct UploadIntake {
  private let blobs: DeploymentBlobs
  private let ledger: any ObjectStore
  /// Whether the plan will be rolled back: then nothing is kept.
  private let isDryRun: Bool
  private(set) var attachments: [ObjectID: NewAttachment] = [:]

  init(into blobs: DeploymentBlobs, ledger: any ObjectStore, isDryRun: Bool) {
    self.blobs = blobs
    self.ledger = ledger
    self.isDryRun = isDryRun
  }

  /// The step with the ids of its uploads.
  /// - Throws: `ClientFault`, `BlobFault`, `StorageError`.
  mutating func take(_ uploads: [InlineUpload], for step: WriteStep) async throws -> WriteStep {
    var step = step
    var brought: [NewAttachment] = []
    for upload in uploads {
      let intake = try await take(upload)
      try upload.check(intake.traits)
      let key = isDryRun ? BlobKey(intake.hash) : try await blobs.keep(intake, for: ledger)
      let new = NewAttachment(id: Self.newID(), intake, at: key, fileName: upload.fileName)
      step.set(.id(new.id), at: upload.position)
      brought.append(new)
    }
    for new in brought { attachments[new.id] = new }
    return step
  }

  private func take(_ upload: InlineUpload) async throws -> FilledIntake {
    do {
      return try await blobs.takeIn { piece in try upload.decode(piece) }
    } catch BlobFault.tooLarge(let limit) {
      throw ClientFault.value(
        "\(upload.field.name): it has more than \(limit) bytes; the setting is SOJOURN_ATTACHMENT_LIMIT.")
    }
  }

  private static func newID() -> ObjectID {
    var random = SystemRandom()
    return .random(using: &random)
  }
}

extension NewAttachment {
  init(id: ObjectID, _ intake: FilledIntake, at key: BlobKey, fileName: String?) {
    self.init(
      id: id, hash: key.hash, generation: key.generation, size: Int64(intake.size),
      traits: Int64(intake.traits.rawValue), fileName: fileName)
  }
}

extension WriteStep {
  /// Sets the value that the step gives to a column.
  fileprivate mutating func set(_ value: StoredValue, at position: Int) {
    switch self {
    case .create(let model, let id, var values):
      values[position] = value
      self = .create(model, id, values)
    case .createNew(let model, let id, var values):
      values[position] = value
      self = .createNew(model, id, values)
    case .put(let model, let id, var values):
      values[position] = value
      self = .put(model, id, values)
    case .patch(let model, let id, let values):
      self = .patch(model, id, values.filter { $0.position != position } + [(position, value)])
    case .delete, .receive, .refused, .kept: break
    }
  }
}
