/// One element of a document, with where its start tag begins.
///
/// A class, because the tree is built from the leaves of a growing path. It never leaves the reader.
final class XMLElement {
  let name: String
  let attributes: [(name: String, value: String)]
  let position: TextPosition
  private(set) var children: [XMLElement] = []
  private var bytes: [UInt8] = []

  init(name: String, attributes: [(name: String, value: String)], position: TextPosition) {
    self.name = name
    self.attributes = attributes
    self.position = position
  }

  /// The value of an attribute; nil when it is not there. An element cannot have one twice.
  subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

  func append(_ child: XMLElement) { children.append(child) }

  func append(text: UnsafeRawBufferPointer) { bytes.append(contentsOf: text) }

  /// Its own text, without that of its children and without layout.
  var text: String { Self.withoutLayout(bytes) }

  /// No white space at the ends, and a blank for each line break inside with the white space around it, so
  /// that layout of the XML has no meaning.
  static func withoutLayout(_ bytes: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    var blanks: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: blanks.append(byte)
      default:
        if !result.isEmpty {
          result += blanks.contains(0x0A) || blanks.contains(0x0D) ? [0x20] : blanks
        }
        blanks.removeAll(keepingCapacity: true)
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `<name>` as it may stand in a message.
  var tag: String {
    let cut = quoted(name)
    return "<\(cut.dropFirst().dropLast())>"
  }
}
