import Objects
import Storage
import Wire

/// The answer to a batch: as many entries as operations, in their order (api.md section 8).
enum BatchAnswer {
  static func block(_ batch: Batch, _ outcomes: [StepOutcome], documentation: String) -> ByteBlock {
    var writer = ByteWriter(capacity: 128 * (outcomes.count + 1))
    writer.append("{\"stop_on_error\":")
    writer.append(batch.stopsOnError ? "true" : "false")
    writer.append(",\"operations\":[")
    var isFirst = true
    for (operation, outcome) in zip(batch.operations, outcomes) {
      if !isFirst { writer.append(",") }
      isFirst = false
      writer.append("{\"method\":")
      writer.append(quoted: operation.method)
      writer.append(",\"object\":{\"type\":")
      writer.append(quoted: operation.type)
      writer.append(",\"id\":")
      writer.append(quoted: operation.id)
      writer.append("},\"success\":")
      if let error = error(of: operation, outcome) {
        writer.append("false,\"error\":")
        error.append(to: &writer, documentation: documentation)
      } else {
        writer.append("true")
      }
      writer.append("}")
    }
    writer.append("]}")
    return writer.detach()
  }

  private static func error(of operation: Batch.Operation, _ outcome: StepOutcome) -> APIError? {
    switch outcome {
    case .created, .updated, .unchanged, .deleted, .kept: nil
    case .skipped: .skipped
    case .stale(let sequence): .stale(model: operation.type, id: operation.id, sequence: sequence)
    case .missing: .objectNotFound(model: operation.type, id: operation.id)
    case .idInUse: .idInUse(model: operation.type, id: operation.id)
    case .refused:
      switch operation.fault {
      case .client(let fault): APIError(fault)
      case .missing, nil: .objectNotFound(model: operation.type, id: operation.id)
      }
    }
  }
}
