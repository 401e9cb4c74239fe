import Wire

@testable import DataModel

/// The display of a model that has a field of each type.
enum Displays {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    let parts = DisplayText.parts(of: text)
    let printed = parts.map(printed).joined()
    try promise(DisplayText.parts(of: printed), is: parts, "a display is read as it is printed: \(printed)")
    var writer = ByteWriter()
    writer.append(html: text)
    let (model, _) = DataModelReader.read(Array(SampleModel.document(display: writer.string).utf8))
    guard let model = model?["flight"] else { return }
    try promise(model.display.parts.count <= 2 * DataModelLimits.displayParts + 1, "a display has a limit")
    for part in model.display.parts {
      guard case .value(let value) = part else { continue }
      try promise(value.path.count <= DataModelLimits.displaySteps, "a way has a limit: \(value)")
      for step in value.path {
        try promise(model.belongsTo.indices.contains(step.position), "a step leads on: \(step)")
      }
      if case .field(let field) = value.content {
        try promise(model.fields.indices.contains(field.position), "a field is there: \(field)")
        try promise((0...DataModelLimits.decimals).contains(field.decimals ?? 0), "decimals have a limit: \(field)")
      }
    }
  }

  private static func printed(_ part: DisplayText.Part) -> String {
    switch part {
    case .placeholder(let content): "{\(content)}"
    // By scalars: a mark on a brace makes one character of both.
    case .literal(let text):
      text.unicodeScalars.reduce(into: "") { $0 += $1 == "{" || $1 == "}" ? "\($1)\($1)" : "\($1)" }
    }
  }
}
