import Testing

@testable import DataBrowser

/// What pages make of the text of a data model.
@Suite("Lines of a document")
struct DataModelTexts {
  private func kinds(_ text: String) -> [[String]] {
    MarkupLines(Array(text.utf8), from: 1, most: 100).lines.map { $0.map { "\($0.kind): \($0.text)" } }
  }

  @Test("are cut into tags, attributes, values, comments and text")
  func parts() {
    #expect(
      kinds("<?xml?>\n<a b=\"1>\" c='x'>t</a>\r\n<!-- <a>\n--><d/>\n") == [
        ["comment: <?xml?>"],
        [
          "tag: <a ", "attribute: b", "text: =", "value: \"1>\"", "text:  ", "attribute: c", "text: =", "value: 'x'",
          "tag: >", "text: t", "tag: </a>",
        ],
        ["comment: <!-- <a>"], ["comment: -->", "tag: <d/>"],
      ])
  }

  @Test(
    "come out whole, whatever the bytes are", arguments: HostileScenarios.texts + ["<", "<a b=\"", "<![CDATA[", "\n\n"])
  func whole(_ text: String) {
    let lines = MarkupLines(Array(text.utf8), from: 1, most: 100).lines
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let shown = lines.map { $0.map(\.text).joined() }
    #expect(shown.count == (text.hasSuffix("\n") || text.isEmpty ? expected.count - 1 : expected.count))
    for (line, whole) in zip(shown, expected) {
      #expect(line == whole || whole.utf8.count > MarkupLines.mostOfLine && line.hasSuffix("… the line goes on"))
    }
  }

  @Test("are counted, also where they are not shown")
  func counted() {
    let text = (1...5000).map { "line \($0)" }.joined(separator: "\n")
    let markup = MarkupLines(Array(text.utf8), from: 4001, most: 10)
    #expect(markup.total == 5000 && markup.lines.first?.first?.text == "line 4001" && markup.lines.count == 10)
    #expect(DocumentLines(Array(text.utf8), from: 4001).next == nil)
    #expect(DocumentLines(Array(text.utf8), from: 1).next == 2001)
    #expect(MarkupLines([], from: 1, most: 10).total == 0)
    #expect(DocumentLines(Array(text.utf8), from: 9000).next == nil)
  }

  @Test("are held against each other with the fewest changes")
  func difference() {
    typealias Step = LineDiff.Step
    #expect(LineDiff([String](), []).steps == [])
    #expect(LineDiff(["a"], ["a"]).steps == [.same(0, 0)])
    #expect(
      LineDiff(["a", "b", "c"], ["a", "x", "c"]).steps == [.same(0, 0), .removed(1), .added(1), .same(2, 2)])
    #expect(LineDiff(Array("abcabba").map { $0 }, Array("cbabac").map { $0 }).steps.count { !$0.isSame } == 5)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let old = (0..<Int.random(in: 0...30, using: &random)).map { _ in Int.random(in: 0...4, using: &random) }
      let new = (0..<Int.random(in: 0...30, using: &random)).map { _ in Int.random(in: 0...4, using: &random) }
      let steps = LineDiff(old, new).steps
      // What it says makes the new list of the old one, and there is no way with fewer changes.
      let made = steps.compactMap { step -> Int? in
        switch step {
        case .same(_, let index), .added(let index): new[index]
        case .removed: nil
        }
      }
      let kept = steps.compactMap { step -> Int? in
        switch step {
        case .same(let index, _), .removed(let index): old[index]
        case .added: nil
        }
      }
      #expect(made == new && kept == old)
      for case .same(let a, let b) in steps { #expect(old[a] == new[b]) }
      #expect(steps.count { !$0.isSame } == old.count + new.count - 2 * Self.longest(old, new))
    }
  }

  /// The longest list that both have, by the plain table.
  private static func longest(_ a: [Int], _ b: [Int]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var next = row
      for (index, y) in b.enumerated() { next[index + 1] = x == y ? row[index] + 1 : max(row[index + 1], next[index]) }
      row = next
    }
    return row[b.count]
  }

  @Test("that differ too much are shown as removed and added, in no time")
  func rough() {
    let time = ContinuousClock().measure {
      let difference = LineDiff((0..<50_000).map { $0 }, (0..<50_000).map { -$0 - 1 })
      #expect(difference.isRough && difference.steps.count == 100_000)
      #expect(difference.excerpt(around: 3).count == 100_000)
    }
    // No figure of speed: what this guards against takes minutes.
    #expect(time < .seconds(30))
    let far = LineDiff((0..<1000).map { $0 }, (0..<1000).map { $0 == 500 ? -1 : $0 }).excerpt(around: 3)
    #expect(far.count == 10 && far.first == .some(nil) && far.last == .some(nil))
  }
}
