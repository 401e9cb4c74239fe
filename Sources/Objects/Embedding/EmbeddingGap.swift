import Wire

/// A place in a printed object where a related object belongs.
struct EmbeddingGap {
  /// Where in the bytes that were written; the writer's own count.
  var offset: Int
  /// The number of the branch of the object's `Includes`.
  let branch: Int
  let id: ObjectID
}
