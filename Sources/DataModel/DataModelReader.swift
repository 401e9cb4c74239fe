/// `schema.xml` → a checked data model, or everything that is wrong with it (data-model.md).
///
/// ```swift
/// let (model, findings) = DataModelReader.read(bytes)
/// ```
///
/// Any bytes may be given. All findings are reported at once, in the order of the document, at most
/// `DataModelLimits.findings` and one that says how many are left out.
package enum DataModelReader {
  /// The model is nil exactly when one of the findings is an error.
  package static func read(_ bytes: [UInt8]) -> (model: DataModel?, findings: [Finding]) {
    var findings = FindingList()
    guard bytes.count <= DataModelLimits.documentSize else {
      findings.add(
        .tooLarge, at: TextPosition(line: 1, column: 1),
        "The document has \(bytes.count) bytes, \(DataModelLimits.documentSize) are allowed. Make it smaller."
      )
      return (nil, findings.inOrder())
    }
    guard let root = XMLTree.read(bytes, findings: &findings),
      let drafts = ModelReading.drafts(in: root, findings: &findings)
    else { return (nil, findings.inOrder()) }

    let models = ModelResolution.models(from: drafts, findings: &findings)
    let isGood = !findings.hasErrors
    return (isGood ? DataModel(models: models, xml: bytes) : nil, findings.inOrder())
  }
}
