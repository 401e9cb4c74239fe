import Storage
import Wire

/// What came of a call.
package enum ObjectOutcome: Sendable {
  /// A JSON answer; reads say which oplog sequence is the first that it does not contain.
  case answer(RenderedAnswer, nextSequence: Int64?)
  /// A page of a list, and the text of the cursor behind it where there is more.
  case page(RenderedAnswer, nextSequence: Int64, next: String?)
  case deleted
  /// One for each operation.
  case batch(Batch, [StepOutcome])
  /// No object of this model has this id.
  case missing(model: String, id: ObjectID)
  case idInUse(model: String, id: ObjectID)
}
