import DataModel
import Storage
import Wire

/// A model's display format bound to columns: what to print, which relationships to follow, and which
/// columns of related objects that takes.
final class DisplayPlan: Sendable {
  enum Part: Sendable {
    case literal(ByteBlock)
    case value(Value)
  }

  struct Value: Sendable {
    /// The belongs-to to follow; empty for an own field.
    let path: [Step]
    /// The place of the model at the end among the models.
    let model: Int
    let content: Content
  }

  struct Step: Sendable {
    /// The position of the belongs-to among the columns of the model that it starts from.
    let column: Int
    let model: Int
  }

  enum Content: Sendable {
    case field(FieldFormat, column: Int)
    case display
  }

  let parts: [Part]
  /// Positions of the columns that displays, this one's and others', need of this model.
  let columns: [Int]
  /// The slot of each column in a row that has `columns` alone; −1 for the others.
  let slots: [Int]
  /// Whether it follows relationships.
  let isRelated: Bool

  /// Displays nest at most so deep; what is deeper gives nothing (data-model.md «Display formats»).
  static let nesting = 5
  /// A display is cut to so many bytes: nested displays could grow without bound.
  static let bytes = 10_000

  private init(parts: [Part], columns: [Int], width: Int) {
    self.parts = parts
    self.columns = columns
    var slots = [Int](repeating: -1, count: width)
    for (slot, column) in columns.enumerated() { slots[column] = slot }
    self.slots = slots
    self.isRelated = parts.contains {
      if case .value(let value) = $0 { !value.path.isEmpty } else { false }
    }
  }

  /// The plans of all models, in their order.
  static func plans(of stored: StoredDataModel) -> [DisplayPlan] {
    var places: [String: Int] = [:]
    for (place, model) in stored.models.enumerated() { places[model.name] = place }
    let parts = stored.models.map { model in
      model.model.display.parts.compactMap { bind($0, of: model, in: stored, places) }
    }
    var needed = [Set<Int>](repeating: [], count: stored.models.count)
    for (place, parts) in parts.enumerated() {
      for case .value(let value) in parts {
        var model = place
        for step in value.path {
          needed[model].insert(step.column)
          model = step.model
        }
        if case .field(_, let column) = value.content { needed[model].insert(column) }
      }
    }
    return stored.models.indices.map {
      DisplayPlan(parts: parts[$0], columns: needed[$0].sorted(), width: stored.models[$0].columns.count)
    }
  }

  private static func bind(
    _ part: DisplayFormat.Part, of model: StoredModel, in stored: StoredDataModel, _ places: [String: Int]
  ) -> Part? {
    switch part {
    case .literal(let text): return .literal(ByteBlock(Array(text.utf8)))
    case .value(let value):
      var path: [Step] = []
      var present = model
      for step in value.path {
        guard let column = present.position(of: step.relationship), let place = places[step.model] else {
          return nil
        }
        path.append(Step(column: column, model: place))
        present = stored.models[place]
      }
      guard let end = places[present.name] else { return nil }
      switch value.content {
      case .display: return .value(Value(path: path, model: end, content: .display))
      case .field(let content):
        guard let column = present.position(of: content.name), let field = present.model.field(content.name)
        else { return nil }
        return .value(
          Value(path: path, model: end, content: .field(FieldFormat(content, field), column: column)))
      }
    }
  }
}
