import JSON
import QueryLanguage
import Wire

/// `include` as clients write it: paths of relationships such as `airline`, `plane.maker`, still without a
/// model (api.md section 13 «Embedding»).
package struct IncludePaths: Sendable, Equatable {
  /// Distinct, in order of appearance.
  package private(set) var paths: [String] = []

  /// At most so many different paths in one request.
  package static let limit = 20
  /// One text of paths has at most so many bytes.
  package static let textBytes = 16 << 10

  package init() {}

  /// Reads `include=airline,plane.maker`. Blanks around a path and empty parts are ignored.
  /// - Throws: `ClientFault.request` for too many.
  package init(_ text: String) throws(ClientFault) { try add(text) }

  /// Reads the `include` pairs of a query string, also `include[]=airline` and `include[0]=airline`; several
  /// count together.
  package init(from query: QueryPairs) throws(ClientFault) {
    var numbered: [(key: String, value: String)] = []
    for pair in query.pairs where pair.path[0] == "include" {
      switch pair.path.count {
      case 1: try add(pair.value)
      case 2 where !pair.appends: numbered.append((key: pair.path[1], value: pair.value))
      default: throw Self.malformed
      }
    }
    if numbered.isEmpty { return }
    guard let texts = NumberedKeys.values(numbered) else { throw Self.malformed }
    for text in texts { try add(text) }
  }

  /// Reads the `include` of a JSON body: such a text, an array of texts, or null.
  package init(_ json: JSONValue) throws(ClientFault) {
    if json.isNull { return }
    if let text = json.string {
      try add(text)
      return
    }
    guard json.isArray else { throw Self.malformed }
    for element in json.elements {
      guard let text = element.string else { throw Self.malformed }
      try add(text)
    }
  }

  private static let malformed = ClientFault.request(
    "include takes paths of relationships with commas between them, such as airline,plane.maker; in JSON "
      + "also an array of them.")

  private mutating func add(_ text: String) throws(ClientFault) {
    guard text.utf8.count <= Self.textBytes else {
      throw .request("include: the paths are \(text.utf8.count) bytes long; at most \(Self.textBytes) are read.")
    }
    for part in text.utf8.split(separator: UInt8(ascii: ",")) {
      let path = Self.trimmed(part)
      if path.isEmpty || paths.contains(path) { continue }
      guard paths.count < Self.limit else {
        throw .request("include takes at most \(Self.limit) paths.")
      }
      paths.append(path)
    }
  }

  private static func trimmed(_ part: Substring.UTF8View) -> String {
    var part = part
    while part.first == UInt8(ascii: " ") { part.removeFirst() }
    while part.last == UInt8(ascii: " ") { part.removeLast() }
    return String(Substring(part))
  }
}
