import Objects
import QueryLanguage

/// A parameter of a route that does not stand in its path, as the documentation tells it. The types that `kind`
/// names read them.
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
    /// Whatever it says changes nothing.
    case ignored
    case text
    /// `ObjectTags`, and of them `*` alone.
    case tags, anyTag
    /// A whole number from 0 to 2^63 − 1.
    case position
    /// `next` of an answer: `ListCursor`.
    case cursor
    /// Paths of relationships with commas between them: `IncludePaths`.
    case include
  }

  package let name: String
  /// The name among the document's components; another one where routes mean different things by `name`.
  let key: String
  package let location: Location
  package let kind: Kind
  package let summary: String
  package let example: String?
  package let isExtension: Bool

  private init(
    _ name: String, _ kind: Kind, _ summary: String, example: String? = nil, in location: Location = .query,
    isExtension: Bool = false, key: String? = nil
  ) {
    self.name = name
    self.key = key ?? name
    self.location = location
    self.kind = kind
    self.summary = summary
    self.example = example
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
    "Sort keys in order of appearance: `sort[field]=1` ascending, `-1` descending (or asc, desc). `$natural` is the order of creation, which is also the order without a key. Attachments, locations, tracks and lists of keys sort by whether there is one. At most \(SortOrder.limit)."
  )
  static let limit = RouteParameter(
    "limit", .count, "At most so many objects; 0, empty and more than \(PageBounds.most) mean \(PageBounds.most).",
    example: "10")
  static let skip = RouteParameter("skip", .count, "How many matching objects are passed over first.")
  static let total = RouteParameter(
    "total", .flag, "Whether the answer says how many objects match; by default it does.")
  static let forms = RouteParameter(
    "forms", .flag,
    "`false` leaves out that bodies may be forms, for generators that cannot tell two kinds of one body apart.",
    isExtension: true)
  static let ifNoneMatch = RouteParameter(
    "If-None-Match", .text, "`ETag`s of answers that the client has: when one of them still holds, the answer is 304.",
    in: .header)
  static let objectIfNoneMatch = RouteParameter(
    "If-None-Match", .text,
    "`ETag`s of answers that the client has: when one of them is of the object's last write, the answer is 304. Not where the answer embeds other objects.",
    in: .header, isExtension: true, key: "object.If-None-Match")
  static let ifMatch = RouteParameter(
    "If-Match", .tags,
    "`ETag`s: the object's last write must be one of them, and for `*` it must exist; else the answer is 412.",
    in: .header, isExtension: true)
  static let ifAbsent = RouteParameter(
    "If-None-Match", .anyTag, "`*`: the object must not exist, else the answer is 412.", in: .header, isExtension: true,
    key: "put.If-None-Match")

  static let include = RouteParameter(
    "include", .include,
    "Relationships whose objects stand in the answer beside their ids, with commas between them; longer paths, such as `plane.maker`, reach up to \(Includes.depth) levels. At most \(IncludePaths.limit)."
  )
  static let after = RouteParameter(
    "after", .cursor,
    "The `next` of the answer before: continues there, exact while others write and as fast on the last page as on the first. Not together with `skip`. While there is more, the header `Link` has the address of the next page with it.",
    isExtension: true)
  static let cursor = RouteParameter(
    "cursor", .cursor, "Another name of `after`, which loaders look for.", isExtension: true)
}

/// Of the change feed (api.md section 11).
extension RouteParameter {
  static let feed: [RouteParameter] = [
    RouteParameter("start", .position, "The first sequence; 0 and absent mean the oldest entry that is kept."),
    RouteParameter("end", .position, "The first sequence that is not wanted."),
    RouteParameter(
      "limit", .count, "At most so many entries; 0, empty and absent mean 400, more than 1000 means 1000.",
      key: "feed.limit"),
    RouteParameter("tail", .flag, "The last entries of the range instead of the first, ascending."),
    RouteParameter(
      "sequence_ids", .ignored, "Accepted, whatever it says. Entries always have both forms of their position."),
    RouteParameter("model", .text, "Entries of these models alone, with commas between them.", isExtension: true),
    RouteParameter(
      "wait", .count, "Seconds, up to 30, to wait while no entry passes the filter.", isExtension: true),
  ]
}

/// Of attachments (api.md section 10).
extension RouteParameter {
  static let expires = RouteParameter("expires", .text, "Until when the address is good: seconds since 1970.")
  static let signature = RouteParameter("signature", .text, "What stands for credentials, as it was printed.")
  static let range = RouteParameter(
    "Range", .text, "The part that is wanted, such as `bytes=0-1023`, or several.", in: .header)
  static let fileName = RouteParameter(
    "X-Filename", .text, "A file name: 1 to 255 lower-case letters, digits, `_`, `-`, `.` and blanks.", in: .header,
    isExtension: true)
}
