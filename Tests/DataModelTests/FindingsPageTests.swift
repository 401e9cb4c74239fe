import Foundation
import Testing

@testable import DataModel

@Suite("docs/data-model-findings.md")
struct FindingsPageTests {
  private func page() throws -> [Substring] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/data-model-findings.md"), encoding: .utf8)
    return text.split(separator: "\n")
  }

  @Test("The table has each code once, in order, with its severity, meaning and remedy")
  func codes() throws {
    let rows = try page().filter { $0.hasPrefix("| `") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(rows.map(\.first) == FindingCode.allCases.map { "`\($0.rawValue)`" })
    #expect(rows.map { $0[1] } == FindingCode.allCases.map(\.severity.rawValue))
    for row in rows { #expect(row.count == 4 && row[2].hasSuffix(".") && row[3].hasSuffix("."), "\(row)") }
  }

  @Test(
    "The limits are those of the code",
    arguments: [
      ("bytes of the document", DataModelLimits.documentSize),
      ("elements of the document", DataModelLimits.elements),
      ("depth of elements", DataModelLimits.depth),
      ("characters of a name", DataModelLimits.nameLength),
      ("characters of a label, an action or the name of an index", DataModelLimits.labelLength),
      ("characters of an option's text key", DataModelLimits.keyLength),
      ("models", DataModelLimits.models),
      ("fields, belongs-to and has-many of a model, together", DataModelLimits.members),
      ("options of a field", DataModelLimits.options),
      ("indexes of a model", DataModelLimits.indexes),
      ("names in an index", DataModelLimits.indexKeys),
      ("webhooks of a model", DataModelLimits.webhooks),
      ("fields of a webhook", DataModelLimits.members),
      ("notifications of a model", DataModelLimits.notifications),
      ("bytes of a display or message", DataModelLimits.displayLength),
      ("parts in braces of a display or message", DataModelLimits.displayParts),
      ("relationships on the way to one value of a display", DataModelLimits.displaySteps),
      ("findings listed", DataModelLimits.findings),
    ])
  func limits(what: String, limit: Int) throws {
    let row = try #require(try page().first { $0.hasPrefix("| \(what) |") })
    let digits = row.split(separator: "|").last?.filter(\.isNumber)
    #expect(digits == String(limit))
  }
}
