import DataModel
import Web
import Wire

/// A document of a data model with numbers at its lines, colours, and what is wrong where it is wrong.
struct DocumentLines: Sendable {
  let markup: MarkupLines
  /// Lines that tell of models which the reader may not see.
  private let hidden: [ClosedRange<Int>]
  private var findings: [Int: [Finding]] = [:]

  /// Lines on one page.
  static let most = 2000

  init(_ bytes: [UInt8], from first: Int = 1, hiding models: HiddenModels = .none, _ findings: [Finding] = []) {
    markup = MarkupLines(bytes, from: first, most: Self.most)
    hidden = models.names.isEmpty ? [] : DataModelReader.lines(about: models.names, in: bytes)
    self.findings = Dictionary(grouping: findings, by: \.line)
  }

  var first: Int { markup.first }
  /// The line behind the last one that is shown; nil at the end.
  var next: Int? {
    let next = first + markup.lines.count
    return next <= markup.total && !markup.lines.isEmpty ? next : nil
  }

  /// A list whose numbers are the browser's own: they are not copied with the text.
  var html: HTML {
    div(.class("region free"), .role("region"), .aria("label", "Document"), .tabIndex(0)) {
      ol(.class("lines"), .start(first)) {
        for (index, parts) in markup.lines.enumerated() { line(parts, number: first + index) }
      }
    }
  }

  private func line(_ parts: [MarkupLines.Part], number: Int) -> HTML {
    let isHidden = hidden.contains { $0.contains(number) }
    return li(.id("line-\(number)")) {
      if isHidden {
        span(.class("remark")) { "… not open to you" }
      } else {
        for part in parts { Self.html(part) }
        if parts.isEmpty { " " }
      }
      for finding in findings[number] ?? [] { told(finding) }
    }
  }

  private static func html(_ part: MarkupLines.Part) -> HTML {
    switch part.kind {
    case .text: .text(part.text)
    case .tag: span(.class("tag-word")) { part.text }
    case .attribute: span(.class("key")) { part.text }
    case .value: span(.class("value")) { part.text }
    case .comment: span(.class("remark")) { part.text }
    }
  }

  private func told(_ finding: Finding) -> HTML {
    span(finding.severity == .error ? .class("told") : .class("told mild")) {
      strong { finding.severity == .error ? "Error" : "Warning" }
      " \(finding.message)"
    }
  }
}
