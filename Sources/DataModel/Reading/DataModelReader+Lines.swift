extension DataModelReader {
  /// The lines, counted from 1, that tell of these models: those in which they are declared, and those in which a
  /// relationship leads to them. Where several things share a line it is among them; of a document that cannot be read
  /// all are.
  package static func lines(about models: Set<String>, in bytes: [UInt8]) -> [ClosedRange<Int>] {
    var findings = FindingList()
    guard let root = XMLTree.read(bytes, findings: &findings) else { return [1...Int.max] }
    var ranges: [ClosedRange<Int>] = []
    for (model, end) in spans(of: root.children, upTo: .max) {
      if models.contains(model["name"] ?? "") {
        add(model.position.line...end, to: &ranges)
        continue
      }
      for (part, end) in spans(of: model.children, upTo: end) where models.contains(part["model"] ?? "") {
        add(part.position.line...end, to: &ranges)
      }
    }
    return ranges
  }

  /// Those that touch become one: of many models in a row there is one range.
  private static func add(_ range: ClosedRange<Int>, to ranges: inout [ClosedRange<Int>]) {
    guard let last = ranges.last, range.lowerBound - 1 <= last.upperBound else { return ranges.append(range) }
    ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
  }

  /// Each element with the line before the next one, or its own.
  private static func spans(of elements: [XMLElement], upTo last: Int) -> [(element: XMLElement, end: Int)] {
    elements.enumerated().map { index, element in
      let next = index + 1 < elements.count ? elements[index + 1].position.line - 1 : last
      return (element, max(element.position.line, next))
    }
  }
}
