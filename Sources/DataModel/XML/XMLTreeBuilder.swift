import CExpat

/// Builds the tree from expat's events, and stops the parser at what is refused.
final class XMLTreeBuilder {
  private(set) var root: XMLElement?
  /// The elements whose end has not come, the innermost last.
  private(set) var open: [XMLElement] = []
  private(set) var findings: [(code: FindingCode, position: TextPosition, message: String)] = []
  /// True when the parser was told to stop: its own error then says nothing.
  private(set) var isStopped = false

  private let parser: XML_Parser
  private var count = 0

  init(parser: XML_Parser) { self.parser = parser }

  /// Where the parser stands. Expat counts columns in characters from 0.
  var position: TextPosition {
    TextPosition(
      line: Int(clamping: XML_GetCurrentLineNumber(parser)),
      column: Int(clamping: XML_GetCurrentColumnNumber(parser)) + 1)
  }

  /// The byte at which the parser stands.
  var offset: Int { max(0, Int(XML_GetCurrentByteIndex(parser))) }

  /// Sets the handlers. The builder must outlive the parse: expat holds it unretained.
  func listen() {
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { builder, name, attributes in
        guard let name, let attributes else { return }
        XMLTreeBuilder.from(builder)?.start(String(cString: name), attributes)
      },
      { builder, _ in XMLTreeBuilder.from(builder)?.end() })
    XML_SetCharacterDataHandler(parser) { builder, text, length in
      guard let text, length > 0 else { return }
      XMLTreeBuilder.from(builder)?.open.last?.append(
        text: UnsafeRawBufferPointer(start: text, count: Int(length)))
    }
    XML_SetStartDoctypeDeclHandler(parser) { builder, _, _, _, _ in
      XMLTreeBuilder.from(builder)?.stop(
        .doctype, "A <!DOCTYPE> is not allowed, and no entities are. Remove it.")
    }
    XML_SetProcessingInstructionHandler(parser) { builder, target, _ in
      XMLTreeBuilder.from(builder)?.instruction(target.map { String(cString: $0) } ?? "")
    }
    XML_SetXmlDeclHandler(parser) { builder, _, encoding, _ in
      XMLTreeBuilder.from(builder)?.declaration(encoding: encoding.map { String(cString: $0) })
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
    guard let pointer else { return nil }
    let builder = Unmanaged<XMLTreeBuilder>.fromOpaque(pointer).takeUnretainedValue()
    // After a stop expat may still report what it had already read.
    return builder.isStopped ? nil : builder
  }

  private func start(_ name: String, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>) {
    guard open.count < DataModelLimits.depth else {
      return stop(
        .tooDeep, "Elements nest deeper than \(DataModelLimits.depth). A data model needs 5 levels at most.")
    }
    count += 1
    guard count <= DataModelLimits.elements else {
      return stop(
        .tooLarge, "The document has more than \(DataModelLimits.elements) elements. Make it smaller.")
    }
    var pairs: [(name: String, value: String)] = []
    var next = attributes
    while let name = next[0], let value = next[1] {
      pairs.append((String(cString: name), String(cString: value)))
      next += 2
    }
    let element = XMLElement(name: name, attributes: pairs, position: position)
    if let parent = open.last { parent.append(element) } else { root = element }
    open.append(element)
  }

  private func end() {
    _ = open.popLast()
  }

  private func instruction(_ target: String) {
    let message = "The processing instruction \(quoted(target)) is not allowed. Remove <?…?>."
    // Bounded here: a document can hold a million of them.
    guard findings.count < DataModelLimits.findings else { return stop(.processingInstruction, message) }
    findings.append((.processingInstruction, position, message))
  }

  private func declaration(encoding: String?) {
    guard let encoding, encoding.lowercased() != "utf-8" else { return }
    if Self.spellingsOfUTF8.contains(encoding.lowercased().filter { $0 != "-" && $0 != "_" }) {
      return findings.append(
        (
          .encodingName, position,
          "The encoding \(quoted(encoding)) is read as UTF-8. Its name in XML is UTF-8: write encoding=\"UTF-8\"."
        ))
    }
    stop(
      .notUTF8, "The encoding \(quoted(encoding)) is not supported. Save the document as UTF-8 and say so.")
  }

  /// Names of UTF-8 that programs write and read, without `-` and `_`: those of web browsers, IANA's alias
  /// and the code page.
  private static let spellingsOfUTF8: Set<String> = [
    "utf8", "unicode11utf8", "unicode20utf8", "xunicode20utf8", "csutf8", "cp65001",
  ]

  private func stop(_ code: FindingCode, _ message: String) {
    findings.append((code, position, message))
    isStopped = true
    XML_StopParser(parser, XML_Bool(XML_FALSE))
  }
}
