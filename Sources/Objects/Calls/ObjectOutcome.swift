import Storage
import Wire

/// What came of a call.
package enum ObjectOutcome: Sendable {
  /// A JSON answer, and the first oplog sequence that it does not contain.
  case answer(RenderedAnswer, nextSequence: Int64)
  /// An object, the sequence of its last write, and of reads the first oplog sequence that it does not contain.
  case object(RenderedAnswer, sequence: Int64, nextSequence: Int64?)
  /// A page of a list, and the text of the cursor behind it where there is more.
  case page(RenderedAnswer, nextSequence: Int64, next: String?)
  case deleted
  /// One for each operation.
  case batch(Batch, [StepOutcome])
  /// No object of this model has this id.
  case missing(model: String, id: ObjectID)
  case idInUse(model: String, id: ObjectID)
  /// The object is not as the call wants it; its last write has this sequence, nil where there is no such object.
  case stale(model: String, id: ObjectID, sequence: Int64?)
}
