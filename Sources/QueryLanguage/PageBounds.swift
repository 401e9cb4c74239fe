import JSON
import Wire

/// `limit`, `skip`, `total` and `after` of a list (api.md sections 6 and 13).
package struct PageBounds: Sendable, Equatable {
  /// 1 to 1000.
  package var limit: Int
  package var skip: Int
  /// What the request says of `total`; nil where it says nothing.
  package var total: Bool?
  /// The text of a cursor (`ListCursor`); nil where the list begins at its beginning.
  package var after: String?

  package static let most = 1000

  package init(limit: Int = PageBounds.most, skip: Int = 0, total: Bool? = nil, after: String? = nil) {
    self.limit = min(max(limit, 1), Self.most)
    self.skip = skip
    self.total = total
    self.after = after
  }

  /// The last of several values counts, as web frameworks have it.
  /// - Throws: `ClientFault.request`.
  package init(from query: QueryPairs) throws(ClientFault) {
    self.init()
    var cursor: String?
    for pair in query.pairs {
      switch pair.path[0] {
      case "limit":
        let given = try Self.count(pair)
        limit = given == 0 ? Self.most : min(given, Self.most)
      case "skip": skip = try Self.count(pair)
      case "after": after = try Self.position(pair)
      case "cursor": cursor = try Self.position(pair)
      case "total": total = try Self.flag(pair)
      default: break
      }
    }
    try take(cursor: cursor)
  }

  /// `cursor` is another name of `after`, which loaders use by default.
  private mutating func take(cursor: String?) throws(ClientFault) {
    guard let cursor else { return }
    if let after, after != cursor {
      throw .request("cursor is another name of after: give one of them, or the same text in both.")
    }
    after = cursor
  }

  /// `limit` and `skip` of a body, each a whole number or null, and `after` or `cursor`, a text or null; `total`
  /// stands in the query string.
  /// - Throws: `ClientFault.request`.
  package init(body: JSONValue, query: QueryPairs) throws(ClientFault) {
    self.init()
    after = try Self.position("after", body["after"])
    try take(cursor: try Self.position("cursor", body["cursor"]))
    let given = try Self.count("limit", body["limit"])
    self.limit = given == 0 ? Self.most : min(given, Self.most)
    self.skip = try Self.count("skip", body["skip"])
    for pair in query.pairs where pair.path[0] == "total" { total = try Self.flag(pair) }
  }

  private static func position(_ pair: QueryPairs.Pair) throws(ClientFault) -> String? {
    let text = try one(pair)
    return text.isEmpty ? nil : text
  }

  private static func position(_ name: String, _ value: JSONValue?) throws(ClientFault) -> String? {
    guard let value, !value.isNull else { return nil }
    guard let text = value.string else {
      throw .request("\(name) takes the text of an answer's next, not \(ClientValue.json(value).shown).")
    }
    return text.isEmpty ? nil : text
  }

  private static func count(_ name: String, _ value: JSONValue?) throws(ClientFault) -> Int {
    guard let value, !value.isNull else { return 0 }
    if let integer = value.number?.integer, integer >= 0 { return Int(integer) }
    // Beyond 64 bits it is still a number, larger than any model.
    if let double = value.number?.double, double >= 0x1p63 { return Int.max }
    throw .request("\(name) takes a whole number from 0 on, or null, not \(ClientValue.json(value).shown).")
  }

  /// `true` or `false`; nil where it is empty.
  package static func flag(_ pair: QueryPairs.Pair) throws(ClientFault) -> Bool? {
    let text = try one(pair)
    if text.isEmpty { return nil }
    guard let flag = TruthText.read(text) else {
      throw .request("\(pair.path[0]) takes true or false, not \"\(CutText.cut(text))\".")
    }
    return flag
  }

  /// The value of a parameter that takes one: neither a list nor something with parts.
  package static func one(_ pair: QueryPairs.Pair) throws(ClientFault) -> String {
    guard pair.path.count == 1, !pair.appends else {
      throw .request(
        "\(pair.path[0]) takes one value and is written without brackets: \(pair.path[0])=\(CutText.cut(pair.value)).")
    }
    return pair.value
  }

  /// A whole number from 0 on; 0 where it is empty.
  package static func count(_ pair: QueryPairs.Pair) throws(ClientFault) -> Int {
    let text = try one(pair)
    let digits = text.utf8
    guard digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
      throw .request(
        "\(pair.path[0]) takes a whole number from 0 on, not \"\(CutText.cut(text))\".")
    }
    if digits.isEmpty { return 0 }
    // Beyond 64 bits it is still a number, larger than any model.
    return Int(text) ?? Int.max
  }
}
