import Attachments
import QueryLanguage
import Storage

// Writes with attachments: first their bytes, on disk, then the plan that names them.

extension ObjectCalls {
  /// A write with what it brings.
  func perform(
    _ write: ObjectWrite, in context: ObjectContext, admitted: () async throws -> Void
  ) async throws -> WriteOutcome {
    if write.uploads.isEmpty { return try await store.write(write.plan(write.step, in: context)) }
    return try await keepingUploads {
      var intake = UploadIntake(into: try usableBlobs, ledger: store, isDryRun: false)
      let step = try await intake.take(write.uploads, for: write.step)
      try await admitted()
      var plan = write.plan(step, in: context)
      plan.attachments = intake.attachments
      return try await store.write(plan)
    }
  }

  private static let mostTries = 5

  /// Runs `body`, which keeps bytes and writes the plan that links them, anew where those were being removed when the
  /// plan's turn came.
  func keepingUploads<Result>(_ body: () async throws -> Result) async throws -> Result {
    for _ in 1..<Self.mostTries {
      do { return try await body() } catch StorageError.uploadOutdated { continue }
    }
    return try await body()
  }

  /// A batch with what its operations bring. Bytes that a field refuses are a failure of their operation.
  func perform(
    _ batch: Batch, in context: ObjectContext, admitted: () async throws -> Void
  ) async throws -> ObjectOutcome {
    var plan = WritePlan(
      steps: batch.steps, policy: batch.isAtomic ? .atomic : batch.stopsOnError ? .stopAtFailure : .independent,
      isDryRun: batch.isDryRun, origin: context.origin, session: context.session)
    plan.preconditions = batch.preconditions
    if plan.steps.isEmpty { return .batch(batch, []) }
    guard batch.operations.contains(where: { !$0.uploads.isEmpty }) else {
      return .batch(batch, try await store.write(plan).steps)
    }
    return try await keepingUploads { [plan] in try await perform(batch, uploading: plan, admitted: admitted) }
  }

  private func perform(
    _ batch: Batch, uploading plan: WritePlan, admitted: () async throws -> Void
  ) async throws -> ObjectOutcome {
    var (batch, plan) = (batch, plan)
    var intake = UploadIntake(into: try usableBlobs, ledger: store, isDryRun: batch.isDryRun)
    for index in batch.operations.indices where !batch.operations[index].uploads.isEmpty {
      let uploads = batch.operations[index].uploads
      batch.operations[index].uploads = []
      do {
        plan.steps[index] = try await intake.take(uploads, for: plan.steps[index])
      } catch let fault as ClientFault {
        plan.steps[index] = .refused
        batch.operations[index].fault = .client(fault)
      }
    }
    try await admitted()
    plan.attachments = intake.attachments
    return .batch(batch, try await store.write(plan).steps)
  }

  /// - Throws: `BlobFault.unavailable`.
  var usableBlobs: DeploymentBlobs {
    get throws {
      guard let blobs else { throw BlobFault.unavailable("the deployment's attachments cannot be used") }
      return blobs
    }
  }
}
