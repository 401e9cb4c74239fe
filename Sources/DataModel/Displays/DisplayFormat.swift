/// A model's `<display>`, parsed and with every name resolved (data-model.md «Display formats»).
///
/// An evaluator walks `parts` and appends; it never needs to look a name up again:
///
/// ```swift
/// for part in model.display.parts {
///   switch part {
///   case .literal(let text): append(text)
///   case .value(let value): follow(value.path) …
///   }
/// }
/// ```
///
/// An unset value, a missing related object and a relationship that is null all give nothing.
package struct DisplayFormat: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    /// Text as it is; never empty, and never two in a row.
    case literal(String)
    case value(Value)
  }

  /// A field, an id, or a related object's display, over zero or more relationships.
  package struct Value: Sendable, Hashable {
    /// The belongs-to to follow, from the model of the format. Empty for its own fields.
    package let path: [Step]
    /// The model at the end of the path: the one that `content` is read from.
    package let model: String
    package let content: Content

    package init(path: [Step], model: String, content: Content) {
      self.path = path
      self.model = model
      self.content = content
    }
  }

  /// One belongs-to on the way.
  package struct Step: Sendable, Hashable {
    package let relationship: String
    /// Its index in `belongsTo` of the model that the step starts from.
    package let position: Int
    /// The model that it leads to.
    package let model: String

    package init(relationship: String, position: Int, model: String) {
      self.relationship = relationship
      self.position = position
      self.model = model
    }
  }

  package enum Content: Sendable, Hashable {
    case field(FieldContent)
    /// The id of the object whose display it is.
    case id
    /// The id that a belongs-to of the model holds, whether there is such an object or not.
    case relationship(String)
    /// The own display of the object at the end of the path, which is never empty.
    case display
  }

  package struct FieldContent: Sendable, Hashable {
    package let name: String
    /// Its index in `fields` of the value's model.
    package let position: Int
    package let type: FieldType
    /// The `2` of `{f:.2f}`: 0 to 20 decimals, on integers, numbers and the numbers of a location.
    package let decimals: Int?
    /// `{position.latitude}`: one part of a location; nil is the whole value.
    package let locationPart: LocationPart?

    package init(
      name: String, position: Int, type: FieldType, decimals: Int? = nil, locationPart: LocationPart? = nil
    ) {
      self.name = name
      self.position = position
      self.type = type
      self.decimals = decimals
      self.locationPart = locationPart
    }
  }

  /// As written, without the white space around it; line breaks inside are blanks.
  package let text: String
  package let parts: [Part]

  package init(text: String, parts: [Part]) {
    self.text = text
    self.parts = parts
  }
}
