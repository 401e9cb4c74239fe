/// One promise of the storage contract, to be tried on an engine.
///
/// A test runs each by name, on a bed of its own:
///
/// ```swift
/// @Test(arguments: StorageConformance.cases)
/// func conforms(to promise: ConformanceCase) async throws { try await promise.run(bed) }
/// ```
package struct ConformanceCase: Sendable {
  /// The promise as a sentence.
  package let name: String
  /// - Throws: `ConformanceFailure` where the engine breaks the promise, or what the engine threw.
  package let run: @Sendable (any StorageBed) async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (any StorageBed) async throws -> Void) {
    self.name = name
    self.run = run
  }
}

extension ConformanceCase: CustomStringConvertible {
  package var description: String { name }
}

/// What an engine did, and what it should have done.
package struct ConformanceFailure: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// What every engine must do (design.md section 5), as cases that tests run on each of them.
package enum StorageConformance {
  package static let cases: [ConformanceCase] =
    [
      steps,
      texts,
      policies,
      conditions,
      oplog,
      feeds,
      changes,
      histories,
      deletions,
      randomHistories,
      snapshots, pointReads,
      fetches,
      stateVersions,
      lists,
      counts,
      predicates,
      searches,
      walks,
      busyWalks,
      sizes,
      deploys,
      retypes,
      retypedSearches,
      passwords,
      olderModels,
      randomDeploys,
      deployedIndexes,
      lives,
      attachments,
      blobs,
      crowds,
      users,
      figures,
      webhooks,
      leases,
      leaseUses,
    ].flatMap { $0 }

  /// What holds where several nodes work on one store (design.md section 5, "For many nodes").
  package static let nodes: [ConformanceCase] =
    [
      nodeBasics,
      nodeWrites,
      nodeHistories,
      nodeModels,
      nodePasswords,
      nodeIndexes,
      nodeTimes,
      nodeUsers,
      nodeWebhooks,
      nodeSecrets,
    ].flatMap { $0 }
}
