import DataModel

/// An index that the data model wants beside those that every model has: what it declares for the cloud, and one for each
/// belongs-to. How it is made, and whether it can be, is the engine's business.
package struct WantedIndex: Sendable {
  package let name: String
  /// Positions among the model's columns.
  package let keys: [(position: Int, descending: Bool)]
  package let kind: StoredIndex.Kind
}

extension StoredModel {
  /// Those that the data model declares come first: of two over the same columns the first counts, so that an index which
  /// is declared over a belongs-to alone is shown as declared.
  package var wantedIndexes: [WantedIndex] {
    var wanted: [WantedIndex] = []
    for index in model.indexes where index.databases.contains(.cloud) {
      let keys = index.keys.compactMap { key in
        position(of: key.name).map { (position: $0, descending: key.descending) }
      }
      if keys.count == index.keys.count { wanted.append(WantedIndex(name: index.name, keys: keys, kind: .schema)) }
    }
    for (position, column) in columns.enumerated() {
      if case .belongsTo(let relationship) = column.source {
        wanted.append(WantedIndex(name: relationship.idName, keys: [(position, false)], kind: .internal))
      }
    }
    return wanted
  }

  /// What the API says of an index that is there.
  package func described(_ wanted: WantedIndex) -> StoredIndex {
    StoredIndex(
      name: wanted.name, keys: wanted.keys.map { (columns[$0.position].filterName, $0.descending) }, kind: wanted.kind,
      status: .ready)
  }
}

extension StoredColumn {
  /// The name that filters and `indexes.json` use.
  fileprivate var filterName: String {
    switch source {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.idName
    }
  }
}
