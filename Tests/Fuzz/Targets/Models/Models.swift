import DataModel
import JSON
import Wire

/// `schema.xml`.
enum Models {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (model, findings) = DataModelReader.read(input.bytes)
    let hasErrors = findings.contains { $0.severity == .error }
    try promise((model == nil) == hasErrors, "a model is read exactly where nothing is wrong: \(findings)")
    try promise(findings.count <= DataModelLimits.findings + 1, "findings have a limit: \(findings.count)")
    for finding in findings {
      try promise(finding.line >= 1 && finding.column >= 1, "a finding lies somewhere: \(finding)")
      try Words.check(finding.message, about: input)
    }
    for range in DataModelReader.lines(about: ["a", "b"], in: input.bytes) {
      try promise(range.lowerBound >= 1, "lines count from 1: \(range)")
    }
    guard let model else { return }
    try Self.model(model)
    try promise(DataModelReader.read(input.bytes).model?.hash, is: model.hash, "a model has one hash")
  }

  /// A model prints as JSON, and differs from itself in nothing.
  static func model(_ model: DataModel) throws(BrokenPromise) {
    var writer = ByteWriter()
    model.appendJSON(to: &writer)
    try promise((try? JSONDocument.read(writer.array)) != nil, "a model prints as JSON: \(writer.string)")
    try promise(model.changes(since: model).isEmpty, "a model differs from itself in nothing")
    try promise(!model.changes(since: nil).isEmpty || model.models.isEmpty, "a model differs from none in all")
  }
}
