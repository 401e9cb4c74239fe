/// A relationship that objects carry: the id of one object of another model, as `{name}_id`.
package struct BelongsTo: Sendable, Hashable {
  package let name: String
  /// The model that it points to; declared in the same data model, perhaps this one itself.
  package let model: String

  package init(name: String, model: String) {
    self.name = name
    self.model = model
  }

  /// The name under which objects carry the id.
  package var idName: String { name + "_id" }
}
