import Testing

@testable import DataModel

@Suite("Findings")
struct FindingTests {
  static let examples =
    documentExamples + encodingExamples + modelExamples + memberExamples + optionExamples + displayExamples
    + tailExamples
    + hostileExamples

  @Test("Each document has exactly its findings, with line and column", arguments: examples)
  func findings(example: FindingExample) {
    let (model, findings) = read(example.xml)
    #expect(brief(findings) == example.findings, "\(findings.map(\.description))")
    #expect((model == nil) == findings.contains { $0.severity == .error })
    for finding in findings {
      #expect(finding.message.hasSuffix(".") && finding.message.utf8.count < 1500, "\(finding)")
    }
  }

  @Test("Bytes that are no text have one finding", arguments: hostileBytes)
  func bytes(example: (String, [UInt8], String)) {
    let (model, findings) = DataModelReader.read(example.1)
    #expect(model == nil)
    #expect(brief(findings) == [example.2], "\(example.0)")
  }

  @Test("Every code has an example")
  func everyCode() {
    let seen = Set(
      Self.examples.flatMap(\.findings).compactMap { $0.split(separator: " ").last.map(String.init) })
    let codes = Set(FindingCode.allCases.map(\.rawValue))
    #expect(codes.subtracting(seen) == [FindingCode.tooManyFindings.rawValue])
  }

  @Test("The running example of the specification reads without findings")
  func runningExample() {
    let (model, findings) = read(flights)
    #expect(findings == [])
    #expect(model?.models.map(\.name) == ["airline", "airport", "plane", "flight"])
    #expect(model?.xml == Array(flights.utf8))
  }

  @Test("Of endless findings the first thousand are listed, errors before warnings")
  func endless() {
    let warnings = (0..<1500).map { _ in "<x/>\n" }.joined()
    let (_, findings) = read(flightWith(warnings + "<field/>"))
    #expect(findings.count == 1001)
    #expect(findings.filter { $0.severity == .error }.count == 3)
    #expect(findings.last?.code == .tooManyFindings)
    #expect(findings.last?.message.contains("503 more") == true)
    let (model, onlyWarnings) = read(flightWith(warnings))
    #expect(model != nil)
    #expect(onlyWarnings.last?.message.contains("500 more") == true)
  }

  @Test("Values in messages are cut at 100 characters")
  func cut() {
    let name = String(repeating: "e\u{301}", count: 5000)
    let (_, findings) = read(flightWith("<field name=\"\(name)\" label=\"A\" type=\"text\"/>"))
    #expect(findings.map(\.code) == [.invalidName])
    #expect(findings.first.map { $0.message.unicodeScalars.count < 300 } == true)
  }

  @Test("A finding reads as one line")
  func line() {
    let (_, findings) = read("<data-model/>")
    #expect(
      findings.map(\.description)
        == ["1:1: error: no-models: There is no model. Declare at least one <model>."])
  }

  @Test("No cut and no changed byte of a good document does any harm")
  func everyByte() {
    let bytes = Array(flights.utf8)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(DataModelReader.read(Array(bytes[..<length])).model == nil)
    }
    var readable = 0
    for index in stride(from: 0, to: bytes.count, by: 5) {
      for byte in [UInt8](arrayLiteral: 0x00, 0x22, 0x3C, 0x7B, 0xFF) {
        var changed = bytes
        changed[index] = byte
        let (model, findings) = DataModelReader.read(changed)
        #expect((model == nil) == findings.contains { $0.severity == .error })
        if model != nil { readable += 1 }
      }
    }
    #expect(readable > 0)
  }
}
