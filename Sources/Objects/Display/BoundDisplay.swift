import DataModel
import Storage

/// A display format with its names turned into positions of columns.
struct BoundDisplay {
  struct Part {
    let path: [Step]
    let content: Content
  }

  struct Step {
    /// The position of the belongs-to among the columns of the model that it starts from.
    let column: Int
    /// The index of the model that it leads to.
    let model: Int
  }

  enum Content {
    case literal(String)
    /// `labels` own what the format looks into.
    case field(FieldFormat, column: Int, labels: ChoiceLabels?)
    /// That of the object whose display it is.
    case id
    case display
  }

  let parts: [Part]

  /// Those of all models, in their order.
  static func all(of stored: StoredDataModel) -> [BoundDisplay] {
    var indexes: [String: Int] = [:]
    for (index, model) in stored.models.enumerated() { indexes[model.name] = index }
    return stored.models.map { model in
      BoundDisplay(parts: model.model.display.parts.compactMap { bind($0, of: model, in: stored, indexes) })
    }
  }

  /// With a mask in place of each password field; nil where it prints none. `model` is the index of its own.
  func masked(of model: Int, in stored: StoredDataModel) -> BoundDisplay? {
    var isMasked = false
    let parts = parts.map { part in
      guard case .field(_, let column, _) = part.content else { return part }
      let owner = stored.models[part.path.last?.model ?? model]
      guard owner.columns[column].isMasked else { return part }
      isMasked = true
      return Part(path: [], content: .literal("••••••"))
    }
    return isMasked ? BoundDisplay(parts: parts) : nil
  }

  private static func bind(
    _ part: DisplayFormat.Part, of model: StoredModel, in stored: StoredDataModel, _ indexes: [String: Int]
  ) -> Part? {
    guard case .value(let value) = part else {
      if case .literal(let text) = part { return Part(path: [], content: .literal(text)) }
      return nil
    }
    var path: [Step] = []
    var present = model
    for step in value.path {
      guard let column = present.position(of: step.relationship), let index = indexes[step.model] else {
        return nil
      }
      path.append(Step(column: column, model: index))
      present = stored.models[index]
    }
    switch value.content {
    case .display: return Part(path: path, content: .display)
    case .id: return Part(path: path, content: .id)
    case .relationship(let name):
      return present.position(of: name).map { Part(path: path, content: .field(.id, column: $0, labels: nil)) }
    case .field(let content):
      guard let column = present.position(of: content.name), let field = present.model.field(content.name)
      else { return nil }
      let labels = field.type.takesOptions ? ChoiceLabels(field) : nil
      return Part(
        path: path, content: .field(FieldFormat(content, field, labels: labels), column: column, labels: labels))
    }
  }
}
