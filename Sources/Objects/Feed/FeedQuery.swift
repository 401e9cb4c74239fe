import QueryLanguage
import Wire

/// A reading of the change feed as asked for (api.md section 11).
package struct FeedQuery: Sendable, Equatable {
  /// As written; 0 where none is given, the oldest kept entry.
  package var start: Int64 = 0
  /// The first sequence behind the range.
  package var end: Int64 = .max
  /// 1 to 1000.
  package var limit = FeedQuery.usual
  package var isTail = false
  /// Names of models; nil for all.
  package var models: [String]?
  /// How long to wait while no entry passes the filter.
  package var waitSeconds = 0

  package static let usual = 400
  package static let longestWait = 30
  private static let mostModels = 1000

  package init() {}

  /// The last of several values counts; `sequence_ids` is accepted and changes nothing.
  /// - Throws: `ClientFault.request`.
  package init(from query: QueryPairs) throws(ClientFault) {
    for pair in query.pairs {
      switch pair.path[0] {
      case "start": start = try Self.position(pair) ?? 0
      case "end": end = try Self.position(pair) ?? .max
      case "limit":
        let given = try PageBounds.count(pair)
        limit = given == 0 ? Self.usual : min(given, PageBounds.most)
      case "tail": isTail = try PageBounds.flag(pair) ?? false
      case "wait": waitSeconds = min(try PageBounds.count(pair), Self.longestWait)
      case "model": models = try Self.names(pair)
      case "sequence_ids": _ = try PageBounds.one(pair)
      default: break
      }
    }
  }

  private static func position(_ pair: QueryPairs.Pair) throws(ClientFault) -> Int64? {
    let text = try PageBounds.one(pair)
    if text.isEmpty { return nil }
    let isPlain = text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isPlain, let position = Int64(text) else {
      throw .request("\(pair.path[0]) takes a position from 0 to \(Int64.max), not \"\(CutText.cut(text))\".")
    }
    return position
  }

  /// Nil where none is named.
  private static func names(_ pair: QueryPairs.Pair) throws(ClientFault) -> [String]? {
    let names = try PageBounds.one(pair).split(separator: ",").map(String.init)
    guard names.count <= mostModels else { throw .request("model takes at most \(mostModels) names.") }
    return names.isEmpty ? nil : names
  }
}
