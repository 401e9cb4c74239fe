/// Findings as they come up, bounded, so that no document can make an endless report.
///
/// Errors and warnings are bounded apart: a thousand warnings never hide that there was an error.
struct FindingList {
  private var errors: [Finding] = []
  private var warnings: [Finding] = []
  private var leftOut = 0

  var hasErrors: Bool { !errors.isEmpty }

  mutating func add(_ code: FindingCode, at position: TextPosition, _ message: @autoclosure () -> String) {
    let isError = code.severity == .error
    guard (isError ? errors : warnings).count < DataModelLimits.findings else {
      leftOut += 1
      return
    }
    let finding = Finding(
      code: code, line: position.line, column: position.column, message: message())
    if isError { errors.append(finding) } else { warnings.append(finding) }
  }

  /// In the order of the document, errors before warnings at one position. When some are left out, a
  /// last finding says how many.
  func inOrder() -> [Finding] {
    let kept = errors + warnings.prefix(DataModelLimits.findings - errors.count)
    let left = leftOut + errors.count + warnings.count - kept.count
    var ordered = kept.enumerated().sorted { a, b in
      let left = (a.element.line, a.element.column, a.element.severity == .error ? 0 : 1, a.offset)
      let right = (b.element.line, b.element.column, b.element.severity == .error ? 0 : 1, b.offset)
      return left < right
    }.map(\.element)
    if left > 0, let last = ordered.last {
      let findings = left == 1 ? "1 more finding is" : "\(left) more findings are"
      ordered.append(
        Finding(
          code: .tooManyFindings, line: last.line, column: last.column,
          message: "\(findings) not listed. Repair what is listed and check again."))
    }
    return ordered
  }
}

/// A position in a document; both are counted from 1, the column in characters.
struct TextPosition: Hashable {
  let line: Int
  let column: Int
}

/// A value from a document as it may stand in a message: quoted, and cut at 100 characters. Cut by
/// scalars: a hostile text can pile a million marks on one visible character.
func quoted(_ value: String) -> String {
  let head = value.unicodeScalars.prefix(101)
  guard head.count > 100 else { return "\"\(value)\"" }
  var cut = String.UnicodeScalarView()
  cut.append(contentsOf: head.prefix(100))
  return "\"\(String(cut))…\""
}
