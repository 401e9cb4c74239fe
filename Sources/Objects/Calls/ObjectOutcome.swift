import Storage
import Wire

/// What came of a call.
package enum ObjectOutcome: Sendable {
  /// A JSON answer; reads say which oplog sequence is the first that it does not contain.
  case answer(RenderedAnswer, nextSequence: Int64?)
  case deleted
  /// One for each operation.
  case batch(Batch, [StepOutcome])
  /// No object of this model has this id.
  case missing(model: String, id: ObjectID)
  case idInUse(model: String, id: ObjectID)
}
