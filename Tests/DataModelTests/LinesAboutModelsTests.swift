import DataModel
import Testing

/// Which lines of a document tell of models that somebody may not see.
@Suite("Lines about models")
struct LinesAboutModelsTests {
  private static let document = """
    <data-model>
      <model name="a" label="A">
        <field name="x" label="X" type="text"/>
        <belongs-to
          model="b"/>
        <display>{x}</display>
      </model>
      <model name="&#98;" label="B"><display>B</display></model>
      <model name="c" label="C"><display>C</display></model> <model name="d" label="D">
        <display>D</display></model>
    </data-model>
    """

  private func lines(_ names: String...) -> [ClosedRange<Int>] {
    DataModelReader.lines(about: Set(names), in: Array(Self.document.utf8))
  }

  @Test("are those of their declarations and of what leads to them, however their names are written")
  func declarations() {
    #expect(lines() == [])
    #expect(lines("b") == [4...5, 8...8])
    #expect(lines("b", "c") == [4...5, 8...9])
    #expect(lines("a") == [2...7])
    #expect(lines("d") == [9...Int.max])
    #expect(lines("a", "b", "c", "d") == [2...Int.max])
  }

  @Test("are all of a document that cannot be read")
  func unreadable() {
    for text in ["", "<", "<a", "no XML"] {
      #expect(DataModelReader.lines(about: ["a"], in: Array(text.utf8)) == [1...Int.max])
    }
  }
}
