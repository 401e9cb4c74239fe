import Storage
import Wire

/// Objects that are written anew since an attachment that they link changed.
struct LinkingRows {
  let schema: DeploymentSchema

  /// Says that the object was written, and adds its oplog entry.
  func store(_ object: LinkingObject, origin: String, in pipeline: inout PostgresPipeline) {
    pipeline.add("UPDATE \(schema.name).m\(object.model) SET updated_at = $1, sequence = $2 WHERE n = $3") {
      $0.add(integer: object.updatedAt)
      $0.add(integer: object.sequence)
      $0.add(integer: object.row)
    }
    var state = ByteWriter(capacity: 1024)
    for (column, value) in object.values { StateCoding.append(column: column, value: value, to: &state) }
    pipeline.add(
      """
      INSERT INTO \(schema.name).oplog (sequence, model, operation, id, updated_at, origin, state, previous)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """
    ) { parameters in
      parameters.add(integer: object.sequence)
      parameters.add(integer: Int64(object.model))
      parameters.add(integer: Int64(OplogEntry.Operation.update.rawValue))
      parameters.add(id: object.id)
      parameters.add(integer: object.updatedAt)
      parameters.add(text: origin)
      state.withBytes { parameters.add(bytes: $0) }
      parameters.add(integer: object.previous)
    }
  }
}
