// What a deploy would change.

extension DataModel {
  /// The differences that deploying this model makes, in its order, removals last; all of it when
  /// there is none before. Empty exactly when both have the same meaning.
  package func changes(since old: DataModel?) -> [DataModelChange] {
    var comparison = DataModelComparison()
    comparison.compare(old, self)
    return comparison.changes
  }
}
