/// A list to be read: which objects of a model, in which order, and which part of them.
package struct ReadPlan: Sendable {
  package var model: StoredModel
  package var predicate: Predicate
  /// Empty means order of creation. Ties go by order of creation, in the direction of the last key.
  package var sort: [SortKey]
  package var skip: Int
  package var limit: Int

  package init(
    model: StoredModel, predicate: Predicate = .always, sort: [SortKey] = [], skip: Int = 0, limit: Int
  ) {
    self.model = model
    self.predicate = predicate
    self.sort = sort
    self.skip = skip
    self.limit = limit
  }
}
