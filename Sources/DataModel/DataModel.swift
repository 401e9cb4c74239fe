/// The models of one deployment, checked: every name in it resolves.
///
/// `DataModelReader` makes it from XML. It never changes; a deploy makes another one.
package struct DataModel: Sendable {
  /// In the order of the XML.
  package let models: [Model]
  /// `datamodel_hash`: 64 lower-case hex digits over the meaning. White space, comments, the order of
  /// attributes, the order of indexes and webhooks, and defaults written out leave it as it is; all
  /// else in the XML that has an effect changes it.
  package let hash: String
  /// The document as it was given, byte for byte.
  package let xml: [UInt8]

  private let positions: [String: Int]

  package init(models: [Model], xml: [UInt8]) {
    self.models = models
    self.xml = xml
    self.hash = MeaningHash.of(models)
    self.positions = indexesByName(models.map(\.name))
  }

  /// The model of exactly this name.
  package subscript(name: String) -> Model? { positions[name].map { models[$0] } }

  /// The index in `models` of the model of exactly this name.
  package func position(ofModel name: String) -> Int? { positions[name] }
}

extension DataModel: Equatable {
  /// Equal in meaning.
  package static func == (left: DataModel, right: DataModel) -> Bool { left.hash == right.hash }
}
