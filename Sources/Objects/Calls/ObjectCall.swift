import Storage
import Wire

/// What a request asks of a deployment's objects, under the data model in force when it came: decoded
/// and checked, nothing of it done yet.
package enum ObjectCall: Sendable {
  /// With what it embeds.
  case get(ModelView, ObjectID, Includes)
  case list(ModelView, ListQuery)
  case count(ModelView, Predicate)
  /// Answers with the object, unless it deletes it.
  case write(ObjectWrite)
  case batch(Batch)
}
