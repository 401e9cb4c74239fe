import Wire

/// Reads the grammar of api.md section 13 by recursive descent; parentheses bound how deep it goes.
struct ExpressionParser {
  private var scanner: ExpressionScanner
  private var depth = 0
  private var terms = 0

  init(_ text: String) { scanner = ExpressionScanner(text) }

  mutating func read() throws(ClientFault) -> (expression: Expression, terms: Int)? {
    if scanner.token == .end { return nil }
    let whole = try any()
    guard scanner.token == .end else { throw unexpected("\"and\", \"or\" or the end") }
    return (whole, terms)
  }

  private mutating func any() throws(ClientFault) -> Expression {
    var parts = [try all()]
    while try takes("or") { parts.append(try all()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func all() throws(ClientFault) -> Expression {
    var parts = [try term()]
    while try takes("and") { parts.append(try term()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func term() throws(ClientFault) -> Expression {
    switch scanner.token {
    case .open:
      guard depth < Expression.mostDepth else {
        throw fault("at most \(Expression.mostDepth) parentheses can stand in one another")
      }
      depth += 1
      scanner.advance()
      let inner = try any()
      guard scanner.token == .close else { throw unexpected("\"and\", \"or\" or \")\"") }
      scanner.advance()
      depth -= 1
      return inner
    case .name(let name):
      guard terms < Expression.mostTerms else {
        throw fault("an expression has at most \(Expression.mostTerms) comparisons")
      }
      let position = scanner.range.lowerBound
      scanner.advance()
      let found = try comparisonOperator()
      guard scanner.token == .mark else {
        throw unexpected("\"?\" (values stand in arguments)")
      }
      scanner.advance()
      terms += 1
      return .comparison(.init(name: name, position: position, operator: found, argument: terms - 1))
    default: throw unexpected("a field or \"(\"")
    }
  }

  private mutating func comparisonOperator() throws(ClientFault) -> FilterOperator {
    switch scanner.token {
    case .symbol(let symbol):
      scanner.advance()
      return symbol
    case .name(let first):
      for candidate in FilterOperator.allCases {
        guard let words = candidate.word?.split(separator: " "), words.first.map(String.init) == first else {
          continue
        }
        if words.count == 2, !scanner.joins(String(words[1])) {
          throw unexpected("\"\(words[0]) \(words[1])\" with one blank between", insteadOf: "\"\(first)\" alone")
        }
        try takeKeyword(candidate.word ?? "")
        return candidate
      }
    default: break
    }
    let words = FilterOperator.allCases.compactMap(\.word)
    throw unexpected("an operator (\(words.joined(separator: ", ")))")
  }

  /// Takes `and` or `or` where it stands here.
  private mutating func takes(_ word: String) throws(ClientFault) -> Bool {
    guard scanner.token == .name(word) else { return false }
    try takeKeyword(word)
    return true
  }

  private mutating func takeKeyword(_ word: String) throws(ClientFault) {
    let room = scanner.hasRoom
    guard room.before, room.behind else {
      let offset = room.before ? scanner.range.upperBound : scanner.range.lowerBound
      throw fault("expected a blank or a parenthesis \(room.before ? "behind" : "before") \"\(word)\"", at: offset)
    }
    scanner.advance()
  }

  private func unexpected(_ expected: String, insteadOf found: String? = nil) -> ClientFault {
    fault("expected \(expected), not \(found ?? scanner.token.shown { CutText.cut($0) })")
  }

  private func fault(_ problem: String, at position: Int? = nil) -> ClientFault {
    .request("\(Expression.wrongAt)\(position ?? scanner.range.lowerBound): \(problem).")
  }
}
