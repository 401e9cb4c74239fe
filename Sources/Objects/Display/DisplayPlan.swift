import DataModel
import Storage
import Wire

/// A model's display format bound to columns: what to print, which relationships to follow, and which
/// columns of related objects that takes. Its parts are plain values in blocks of memory, so that
/// writing a display touches no reference count.
///
/// `@unchecked Sendable` is safe: everything is written in `init` and only read after.
final class DisplayPlan: @unchecked Sendable {
  struct Part {
    enum Kind: UInt8 { case literal, field, display }

    let kind: Kind
    /// A literal's bytes in `literals`.
    let start: Int
    let length: Int
    /// The relationships to follow, in `steps`; none for an own field.
    let path: Range<Int>
    /// The index of the model at the end of the path.
    let model: Int
    /// Where the value of a field lies in a row of that model.
    let column: Column
    /// The index in `formats` of a field's format.
    let format: Int
  }

  /// Where a column lies: in rows with all columns, and in rows with those alone that displays need.
  struct Column {
    let whole: Int
    let partial: Int

    func slot(in row: DisplayWriter.Row) -> Int { row.isWhole ? whole : partial }
  }

  struct Step {
    /// The belongs-to, in rows of the model that the step starts from.
    let column: Column
    let model: Int
  }

  let parts: UnsafeMutableBufferPointer<Part>
  let steps: UnsafeMutableBufferPointer<Step>
  let formats: UnsafeMutableBufferPointer<FieldFormat>
  private let literals: ByteBlock
  /// What the formats look into.
  private let labels: [ChoiceLabels]
  /// Positions of the columns that displays, this one's and others', need of this model.
  let columns: [Int]
  /// The indexes of the models whose objects it may print, each once.
  let touched: [Int]
  /// Whether it follows relationships.
  var isRelated: Bool { !ways.isEmpty }
  /// What the display of an object itself leads to.
  private(set) var ways: [Way] = []

  /// Which column leads on, and to what.
  struct Way {
    let column: Column
    let errand: Errand
  }

  /// What is to be written of some objects of a model, and so what must be fetched for it.
  struct Errand: Hashable {
    let model: Int
    let want: Want

    enum Want: Hashable {
      /// Their display, at this level of nesting.
      case display(level: Int)
      /// The rest of a path, from `step` on, of part `part` of the display of model `origin`.
      case path(origin: Int, part: Int, step: Int, level: Int)
      /// Only a field.
      case nothing
    }
  }

  /// Displays nest at most so deep; what is deeper gives nothing (data-model.md «Display formats»).
  static let nesting = 5
  /// A display is cut to so many bytes: nested displays could grow without bound.
  static let bytes = 10_000

  deinit {
    formats.deallocate()
    steps.deallocate()
    parts.deallocate()
  }

  /// Padded, as `ByteWriter.append(padded:)` wants it.
  func literal(_ part: Part) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: literals.base + part.start, count: part.length)
  }

  /// The plans of all models, in their order, and those with password fields masked; nil where none prints one.
  static func plans(of stored: StoredDataModel) -> (whole: [DisplayPlan], masked: [DisplayPlan]?) {
    let bound = BoundDisplay.all(of: stored)
    let masked = bound.enumerated().map { $1.masked(of: $0, in: stored) }
    let hasMasks = masked.contains { $0 != nil }
    return (plans(bound), hasMasks ? plans(zip(bound, masked).map { $1 ?? $0 }) : nil)
  }

  private static func plans(_ bound: [BoundDisplay]) -> [DisplayPlan] {
    var needed = [Set<Int>](repeating: [], count: bound.count)
    for (index, display) in bound.enumerated() {
      for part in display.parts {
        var model = index
        for step in part.path {
          needed[model].insert(step.column)
          model = step.model
        }
        if case .field(_, let column, _) = part.content { needed[model].insert(column) }
      }
    }
    let columns = needed.map { $0.sorted() }
    return bound.indices.map { DisplayPlan(bound[$0], of: $0, columns: columns, touched: touched(from: $0, bound)) }
  }

  private static func touched(from model: Int, _ bound: [BoundDisplay]) -> [Int] {
    var found: [Int] = []
    var nested = [model]
    var seen: Set<Int> = [model]
    while let next = nested.popLast() {
      for part in bound[next].parts {
        for step in part.path where !found.contains(step.model) { found.append(step.model) }
        if case .display = part.content, let last = part.path.last, seen.insert(last.model).inserted {
          nested.append(last.model)
        }
      }
    }
    return found
  }

  /// `columns` are those that displays need, by model.
  private init(_ bound: BoundDisplay, of model: Int, columns: [[Int]], touched: [Int]) {
    func bind(_ column: Int, in model: Int) -> Column {
      Column(
        whole: RowPage.Lead.count + column,
        partial: RowPage.Lead.count + (columns[model].firstIndex(of: column) ?? 0))
    }
    var literals = ByteWriter()
    var parts: [Part] = []
    var steps: [Step] = []
    var formats: [FieldFormat] = []
    var labels: [ChoiceLabels] = []
    for part in bound.parts {
      let first = steps.count
      var present = model
      for step in part.path {
        steps.append(Step(column: bind(step.column, in: present), model: step.model))
        present = step.model
      }
      var kind = Part.Kind.literal
      var value = Column(whole: 0, partial: 0)
      let start = literals.count
      switch part.content {
      case .literal(let text): literals.append(text: text)
      case .display: kind = .display
      case .id:
        kind = .field
        value = Column(whole: RowPage.Lead.id, partial: RowPage.Lead.id)
        formats.append(.id)
      case .field(let format, let column, let owner):
        kind = .field
        value = bind(column, in: present)
        formats.append(format)
        if let owner { labels.append(owner) }
      }
      parts.append(
        Part(
          kind: kind, start: start, length: literals.count - start, path: first..<steps.count,
          model: present, column: value, format: formats.count - 1))
    }
    literals.pad()
    self.literals = literals.detach()
    self.labels = labels
    self.columns = columns[model]
    self.touched = touched
    self.parts = .allocate(capacity: parts.count)
    self.steps = .allocate(capacity: steps.count)
    self.formats = .allocate(capacity: formats.count)
    _ = self.parts.initialize(from: parts)
    _ = self.steps.initialize(from: steps)
    _ = self.formats.initialize(from: formats)
    ways = ways(from: model, level: 0)
  }

  /// What this display of objects of `model` leads to, at this level of nesting.
  func ways(from model: Int, level: Int) -> [Way] {
    parts.indices.compactMap { part in
      parts[part].path.isEmpty ? nil : way(from: model, part: part, step: 0, level: level)
    }
  }

  /// Where this step of a part of the display of objects of `origin` leads; nil where it is nested too deeply.
  func way(from origin: Int, part index: Int, step: Int, level: Int) -> Way? {
    let part = parts[index]
    let here = steps[part.path.lowerBound + step]
    let want: Errand.Want
    if step + 1 < part.path.count {
      want = .path(origin: origin, part: index, step: step + 1, level: level)
    } else if part.kind == .display {
      guard level < Self.nesting else { return nil }
      want = .display(level: level + 1)
    } else {
      want = .nothing
    }
    return Way(column: here.column, errand: Errand(model: here.model, want: want))
  }
}
