import JSON
import Web
import Wire

/// Texts that are shown, compared, put into JSON, into addresses and into pages.
enum Texts {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    try promise(!PrintableText.hasHidden(PrintableText.escaped(text)), "nothing stays hidden")
    let folded = CaseFolding.folded(text)
    try promise(CaseFolding.folded(folded), is: folded, "a text is folded once")
    try promise(CutText.cut(text).unicodeScalars.count <= CutText.limit + 1, "a text that is cut is short")
    try bytes(input)
    try quoted(text)
    try encoded(text)
    try QuotedTexts.check(text)
    var page = ByteWriter()
    page.append(html: text)
    try promise(!page.array.contains { "<>\"".utf8.contains($0) }, "a text in a page is no markup")
  }

  /// Folding takes any bytes, and as much room as it says.
  private static func bytes(_ input: FuzzInput) throws(BrokenPromise) {
    let most = CaseFolding.mostBytes(of: input.bytes.count)
    var target = [UInt8](repeating: 0, count: most)
    let count = input.bytes.withUnsafeBytes { source in
      target.withUnsafeMutableBytes { CaseFolding.fold(source, into: $0) }
    }
    try promise(count <= most, "folding takes no more room than it says")
  }

  private static func quoted(_ text: String) throws(BrokenPromise) {
    var plain = ByteWriter()
    plain.append(quoted: text)
    try promise(reading(plain.string), is: text, "a text in JSON is read as it is")
    var printable = ByteWriter()
    printable.append(quotedPrintable: text)
    try promise(reading(printable.string), is: text, "a text in JSON without hidden characters is read as it is")
    try promise(!PrintableText.hasHidden(printable.string), "nothing stays hidden in JSON")
  }

  private static func reading(_ json: String) -> String? { (try? JSONDocument.read(json))?.root.string }

  private static func encoded(_ text: String) throws(BrokenPromise) {
    let encoded = PercentText.encode(text)
    try promise(try? PercentText.decode(encoded), is: text, "a text is decoded as it was encoded")
    let query = LocalAddress(["a"], query: [("k", text)]).text.dropFirst("/a?".utf8.count)
    try promise((try? QueryPairs(String(query)))?["k"], is: text, "a text in a query is read as it is")
  }
}
