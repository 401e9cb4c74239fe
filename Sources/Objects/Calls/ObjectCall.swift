import Storage
import Wire

/// What a request asks of a deployment's objects, under the data model in force when it came: decoded
/// and checked, nothing of it done yet.
package enum ObjectCall: Sendable {
  /// With what it embeds.
  case get(ModelView, ObjectID, Includes)
  case list(ModelView, ListQuery)
  case count(ModelView, Predicate)
  /// One write that answers with the object, and the attachments that it brings.
  case write(ModelView, ObjectID, WriteStep, [InlineUpload])
  case delete(ModelView, ObjectID)
  case batch(Batch)
}
