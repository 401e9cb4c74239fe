import Objects
import QueryLanguage

/// A parameter of a route beside the places in its path, as the documentation tells it. What reads the
/// parameters are the types that `kind` names.
package struct RouteParameter: Sendable {
  package enum Location: String, Sendable { case query, header }

  package enum Kind: Sendable {
    /// `name[field.operator]=value`: `Filters`.
    case filter
    /// `name[field]=1`: `SortOrder`.
    case sort
    /// A whole number from 0 on; empty means none given: `PageBounds`.
    case count
    case flag
    case text
    /// Names with commas between them.
    case names
  }

  package let name: String
  package let location: Location
  package let kind: Kind
  package let summary: String
  package let example: String?
  package let isRequired: Bool
  package let isExtension: Bool

  private init(
    _ name: String, _ kind: Kind, _ summary: String, example: String? = nil, in location: Location = .query,
    isRequired: Bool = false, isExtension: Bool = false
  ) {
    self.name = name
    self.location = location
    self.kind = kind
    self.summary = summary
    self.example = example
    self.isRequired = isRequired
    self.isExtension = isExtension
  }
}

extension RouteParameter {
  static let filter = RouteParameter(
    "q", .filter,
    "Filters, all of which must hold: `q[field]=value`, or with an operator after a dot: `.ne`, `.lt`, `.lte`, `.gt`, `.gte`, `.contains` (case-sensitive), `.null` (true or false). At most \(Filters.limit)."
  )
  static let longFilter = RouteParameter("query", .filter, "The same as `q`.")
  static let sort = RouteParameter(
    "sort", .sort,
    "Sort keys in order of appearance: `sort[field]=1` ascending, `-1` descending (or asc, desc). `$natural` is the order of creation, which is also the order without a key. At most \(SortOrder.limit)."
  )
  static let limit = RouteParameter(
    "limit", .count, "At most so many objects; 0, empty and more than \(PageBounds.most) mean \(PageBounds.most).",
    example: "10")
  static let skip = RouteParameter("skip", .count, "How many matching objects are passed over first.")
  static let total = RouteParameter(
    "total", .flag, "Whether the answer says how many objects match; by default it does.")
  static let ifNoneMatch = RouteParameter(
    "If-None-Match", .text, "`ETag`s of answers that the client has: when one of them still holds, the answer is 304.",
    in: .header)
}
