import CExpat

/// Whether bytes that come in pieces are a well-formed XML document, and what its root is called.
///
/// It is generous about encodings and takes entities of a document's own, as drawing programs write them. What it
/// costs is bounded all the same:
///
/// 1. Nothing outside the document is fetched.
/// 2. What entities are replaced by makes a document at most `mostGrowth` times as large, and one that declares any
///    has at most `mostBytesWithEntities`.
/// 3. The parser takes at most `mostMemoryBytes`, for the tag that it is in and the names that it has met: a document
///    that needs more is none.
///
/// It is used up by the thread that made it.
final class XMLCheck {
  private static let mostDepth = 1000
  private static let mostGrowth: Float = 4
  /// Below so many bytes in all, growth is not looked at: drawings of a few lines consist of their entities.
  private static let bytesOfAnyGrowth: UInt64 = 1 << 20
  static let mostBytesWithEntities = 16 << 20
  static let mostMemoryBytes = 64 << 20

  private let parser: XML_Parser?
  private let state = State()
  private var fed = 0

  private final class State {
    var root: String?
    var depth = 0
    var isGood = true
    var declaresEntities = false
  }

  /// Whether it is worth a try: it begins like markup.
  static func mayBegin(_ head: [UInt8]) -> Bool { MarkupStart(head).isMarkup }

  init(head: [UInt8]) {
    // Programs that write UTF-16 in memory and UTF-8 into the file leave the wrong name in it.
    parser = cexpat_bounded_parser(Self.claimsUTF16InBytes(head) ? "UTF-8" : nil, Self.mostMemoryBytes)
    guard let parser else { return }
    _ = XML_SetBillionLaughsAttackProtectionMaximumAmplification(parser, Self.mostGrowth)
    _ = XML_SetBillionLaughsAttackProtectionActivationThreshold(parser, Self.bytesOfAnyGrowth)
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
      parser, { context, _, _, _, _, _, _, _, _ in XMLCheck.state(context)?.declaresEntities = true })
    XML_SetUnknownEncodingHandler(parser, { _, _, encoding in XMLCheck.describe(encoding) }, nil)
  }

  deinit { if let parser { XML_ParserFree(parser) } }

  private static func state(_ context: UnsafeMutableRawPointer?) -> State? {
    context.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
  }

  /// `svg:svg` is `svg`.
  private static func localName(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  private static func claimsUTF16InBytes(_ head: [UInt8]) -> Bool {
    let start = String(decoding: head.prefix(200), as: UTF8.self).lowercased()
    guard start.hasPrefix("<?xml"), let end = start.firstRange(of: "?>") else { return false }
    let declaration = start[..<end.lowerBound]
    return declaration.contains("encoding=\"utf-16") || declaration.contains("encoding='utf-16")
  }

  /// Any encoding that has ASCII in the place of ASCII, as all but a few have. Which letters the other bytes stand
  /// for makes no difference to the form: each stands for one of its own, which may be part of a name.
  private static func describe(_ encoding: UnsafeMutablePointer<XML_Encoding>?) -> Int32 {
    guard let encoding else { return 0 }
    withUnsafeMutableBytes(of: &encoding.pointee.map) { map in
      let map = map.bindMemory(to: Int32.self)
      for byte in 0..<map.count { map[byte] = Int32(byte < 0x80 ? byte : firstIdeograph + byte) }
    }
    encoding.pointee.convert = nil
    encoding.pointee.release = nil
    return 1
  }

  private static let firstIdeograph = 0x4e00

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
    fed += piece.count
    guard status == XML_STATUS_OK, state.isGood else { return false }
    return !state.declaresEntities || fed <= Self.mostBytesWithEntities
  }
}
