import CExpat

/// Whether bytes that come in pieces are a well-formed XML document, and what its root is called.
///
/// Entities of its own are not declared in an honest picture: a document that declares any counts as
/// not well-formed, so nothing is ever expanded or fetched.
final class XMLCheck {
  private static let mostDepth = 1000

  private let parser: XML_Parser?
  private let state = State()

  private final class State {
    var root: String?
    var depth = 0
    var isGood = true
  }

  /// Whether it is worth a try: it begins like markup.
  static func mayBegin(_ head: [UInt8]) -> Bool {
    let bytes = head.starts(with: [0xef, 0xbb, 0xbf]) ? head.dropFirst(3) : head[...]
    return bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d } == UInt8(ascii: "<")
  }

  init() {
    parser = XML_ParserCreate(nil)
    guard let parser else { return }
    XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
    XML_SetElementHandler(
      parser,
      { context, name, _ in
        guard let state = XMLCheck.state(context) else { return }
        if state.root == nil, let name { state.root = XMLCheck.localName(String(cString: name)) }
        state.depth += 1
        if state.depth > XMLCheck.mostDepth { state.isGood = false }
      },
      { context, _ in XMLCheck.state(context)?.depth -= 1 })
    XML_SetEntityDeclHandler(
      parser, { context, _, _, _, _, _, _, _, _ in XMLCheck.state(context)?.isGood = false })
  }

  deinit { if let parser { XML_ParserFree(parser) } }

  private static func state(_ context: UnsafeMutableRawPointer?) -> State? {
    context.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
  }

  /// `svg:svg` is `svg`.
  private static func localName(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// False once it is clear that it is none. Pieces have at most 1 MiB.
  func add(_ piece: UnsafeRawBufferPointer) -> Bool { parse(piece, isLast: false) }

  /// The name of the root; nil where it is no well-formed document.
  func finish() -> String? {
    parse(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) ? state.root : nil
  }

  private func parse(_ piece: UnsafeRawBufferPointer, isLast: Bool) -> Bool {
    guard let parser, state.isGood, let length = Int32(exactly: piece.count) else { return false }
    let status = XML_Parse(
      parser, piece.baseAddress?.assumingMemoryBound(to: CChar.self), length, isLast ? 1 : 0)
    return status == XML_STATUS_OK && state.isGood
  }
}
