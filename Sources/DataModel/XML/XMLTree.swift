import CExpat

/// An XML document read into elements by expat, with everything refused that a data model has no use
/// for and an attacker has: DTDs and with them entities of any kind, processing instructions, deep
/// nesting, other encodings.
///
/// No entity can be expanded and nothing outside is ever fetched: a DTD stops the parser at its first
/// word, before its declarations are read. Expat draws its own secret salt against colliding names.
enum XMLTree {
  /// The root element, and nil exactly when there is an error among the findings.
  static func read(_ bytes: [UInt8], findings: inout FindingList) -> XMLElement? {
    // A byte order mark is no character of the document: columns count without it.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if let problem = encodingProblem(of: bytes) {
      findings.add(.notUTF8, at: problem.position, problem.message)
      return nil
    }
    // The encoding given here overrides a byte order mark and the XML declaration.
    guard let parser = XML_ParserCreate("UTF-8") else {
      findings.add(
        .brokenXML, at: TextPosition(line: 1, column: 1), "There is no memory to read it. Try again later.")
      return nil
    }
    defer { XML_ParserFree(parser) }
    let builder = XMLTreeBuilder(parser: parser)
    let status = withExtendedLifetime(builder) {
      builder.listen()
      return bytes.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) { text in
          // The reader has checked the size, so it fits.
          XML_Parse(parser, text.baseAddress, Int32(truncatingIfNeeded: text.count), 1)
        }
      }
    }
    for finding in builder.findings {
      // Expat tells of a DTD when it is past its name; people look for its beginning.
      let start = finding.code == .doctype ? startOfDoctype(in: bytes[..<builder.offset]) : nil
      findings.add(finding.code, at: start ?? finding.position, finding.message)
    }
    if status == XML_STATUS_ERROR, !builder.isStopped {
      let message = plainWords(for: XML_GetErrorCode(parser), open: builder.open.last)
      findings.add(.brokenXML, at: builder.position, message)
    }
    return findings.hasErrors ? nil : builder.root
  }

  private static func encodingProblem(of bytes: [UInt8]) -> (position: TextPosition, message: String)? {
    let start = TextPosition(line: 1, column: 1)
    let marks: [[UInt8]] = [[0xFE, 0xFF], [0xFF, 0xFE], [0x00, 0x3C], [0x3C, 0x00], [0x00, 0x00]]
    if marks.contains(where: bytes.starts) {
      return (start, "The document is written in UTF-16 or UTF-32. Save it as UTF-8.")
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    return (endOfText(in: bytes[...]), "The bytes here are not UTF-8. Save the document as UTF-8.")
  }

  private static func startOfDoctype(in bytes: ArraySlice<UInt8>) -> TextPosition? {
    let word = Array("<!DOCTYPE".utf8)
    var start = bytes.endIndex - word.count
    while start >= 0 {
      if bytes[start...].starts(with: word) { return endOfText(in: bytes[..<start]) }
      start -= 1
    }
    return nil
  }

  /// Where the bytes end, or stop being UTF-8.
  private static func endOfText(in bytes: ArraySlice<UInt8>) -> TextPosition {
    var line = 1
    var column = 1
    var rest = bytes.makeIterator()
    var decoder = UTF8()
    while case .scalarValue(let scalar) = decoder.decode(&rest) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return TextPosition(line: line, column: column)
  }

  private static func plainWords(for code: XML_Error, open element: XMLElement?) -> String {
    let inside = element.map { " \($0.tag) of line \($0.position.line) is still open." } ?? ""
    switch code {
    case XML_ERROR_NO_ELEMENTS:
      return element == nil
        ? "The document has no elements. It must hold <data-model>." : "The document ends too early." + inside
    case XML_ERROR_TAG_MISMATCH: return "This end tag does not fit." + inside + " Close it first."
    case XML_ERROR_INVALID_TOKEN:
      return "The XML is broken here: a character that may not stand here, like a bare & or <."
        + " Write &amp; and &lt; for them."
    case XML_ERROR_UNCLOSED_TOKEN: return "A tag, comment or reference that begins here never ends." + inside
    case XML_ERROR_DUPLICATE_ATTRIBUTE: return "The element has one attribute twice. Remove one of them."
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
      return "Something follows the end of the root element. Remove it, or move it inside."
    case XML_ERROR_UNDEFINED_ENTITY:
      return "The entity here is not known. XML has &amp; &lt; &gt; &quot; &apos; and numbers like &#8211;."
    case XML_ERROR_BAD_CHAR_REF: return "The number of this character reference is no character of XML."
    case XML_ERROR_UNCLOSED_CDATA_SECTION: return "A CDATA section never ends: ]]> is missing."
    case XML_ERROR_MISPLACED_XML_PI:
      return "The XML declaration <?xml …?> must be the very first thing in the document."
    case XML_ERROR_XML_DECL:
      return "The XML declaration is broken. Write <?xml version=\"1.0\" encoding=\"UTF-8\"?>."
    default:
      let words = XML_ErrorString(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
      return "The XML is broken here: \(words)." + inside
    }
  }
}
