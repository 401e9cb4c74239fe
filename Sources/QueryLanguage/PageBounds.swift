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
    for pair in query.pairs where pair.path.count == 1 && !pair.appends {
      switch pair.path[0] {
      case "limit":
        let given = try Self.count(pair)
        limit = given == 0 ? Self.most : min(given, Self.most)
      case "skip": skip = try Self.count(pair)
      case "after": after = pair.value.isEmpty ? nil : pair.value
      case "total":
        switch pair.value {
        case "": total = nil
        case "true", "1": total = true
        case "false", "0": total = false
        default: throw .request("total takes true or false, not \"\(CutText.cut(pair.value))\".")
        }
      default: break
      }
    }
  }

  private static func count(_ pair: QueryPairs.Pair) throws(ClientFault) -> Int {
    let digits = pair.value.utf8
    guard digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
      throw .request(
        "\(pair.path[0]) takes a whole number from 0 on, not \"\(CutText.cut(pair.value))\".")
    }
    if digits.isEmpty { return 0 }
    // Beyond 64 bits it is still a number, larger than any model.
    return Int(pair.value) ?? Int.max
  }
}
