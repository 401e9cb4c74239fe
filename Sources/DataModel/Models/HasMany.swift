/// The reverse view of a belongs-to: not stored, not in API objects, not queryable.
package struct HasMany: Sendable, Hashable {
  package let name: String
  /// The model whose objects point here.
  package let model: String
  /// The belongs-to of that model that this is the reverse of; always resolved, also when the XML
  /// leaves `inverse-of` out.
  package let inverseOf: String

  package init(name: String, model: String, inverseOf: String) {
    self.name = name
    self.model = model
    self.inverseOf = inverseOf
  }
}
