import Metrics
import Storage
import Synchronization
import Wire

/// What was measured last of a deployment, for figures.
final class DeploymentMeasures: Sendable {
  fileprivate struct Values {
    var attachments = AttachmentTotals()
    var bytes: Int64 = 0
  }

  fileprivate let values = Mutex(Values())
}

extension PostgresDeployment {
  /// Who asks for figures waits no longer than this for a database.
  private static let patience = Duration.milliseconds(500)

  /// What was counted at this node.
  /// - Parameter waitingWrites: plans that wait for the node's writer.
  func figures(waitingWrites: Int) -> StoreFigures {
    var figures = StoreFigures()
    metrics.measure(&figures)
    figures.waitingWrites = waitingWrites
    figures.waitingReaders = waiters.count
    figures.lastSequence = waiters.last
    figures.attachments = attachmentTotals
    figures.ofEngine.append(EngineFigure(.databaseBytes, Int(measures.values.withLock { $0.bytes })))
    figures.ofEngine += groupMetrics.figures
    return figures
  }

  /// One row, by a connection that rests; what was found last where none does.
  private var attachmentTotals: AttachmentTotals {
    let found = try? context.pool.lendIdle(.reader) { connection in
      let results = try connection.perform(within: Self.patience) { $0.add(AttachmentRows.counting(in: schema)) }
      return try AttachmentRows.totals(results[0])
    }
    return measures.values.withLock { values in
      if let found { values.attachments = found }
      return values.attachments
    }
  }

  /// Does what is due now and then.
  func tend() async throws {
    let second = context.clock.milliseconds() / 1000
    try await gate.pass {
      try await context.threads.working.runForStorage { [self] in
        while try !context.pool.lend(
          .writer, { try CommitTrimming(schema: schema).perform(on: $0, second: second) })
        {}
        try context.pool.read { try measure(on: $0) }
      }
    }
  }

  /// With all indexes, and what lies aside of large values.
  private func measure(on connection: PostgresConnection) throws {
    let results = try connection.perform { pipeline in
      pipeline.add(
        """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'
        """
      ) { $0.add(text: schema.name) }
      pipeline.add(AttachmentRows.counting(in: schema))
    }
    guard let bytes = try results[0].first?.integer(0) else { return }
    let attachments = try AttachmentRows.totals(results[1])
    measures.values.withLock { $0 = DeploymentMeasures.Values(attachments: attachments, bytes: bytes) }
  }
}
