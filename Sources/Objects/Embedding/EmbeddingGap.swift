import Wire

/// The offset in a printed object where a related object belongs.
package struct EmbeddingGap {
  /// Where in the bytes that were written; the writer's own count.
  var offset: Int
  /// The number of the branch of the object's `Includes`.
  let branch: Int
  let id: ObjectID

  /// `branch` is the number of the relationship among those that the object embeds.
  package init(offset: Int, branch: Int, id: ObjectID) {
    self.offset = offset
    self.branch = branch
    self.id = id
  }
}
