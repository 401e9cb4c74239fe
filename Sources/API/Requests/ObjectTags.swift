import HTTPServer
import QueryLanguage
import Storage
import Wire

/// What an `If-Match` or `If-None-Match` says (RFC 9110 section 13.1), read for an object, whose tag is the sequence of
/// its last write (api.md section 17, *Tags*). Weak tags and those of anything else are well-formed, and match nothing.
enum ObjectTags: Equatable {
  /// `*`
  case any
  case listed([NumberTag])

  /// More than this in one request is none that a client means.
  static let limit = 100

  /// All fields of one name; nil where what they say is ill-formed.
  init?(_ fields: [String]) {
    if fields.count == 1, Self.trimmed(fields[0].utf8[...]).elementsEqual("*".utf8) {
      self = .any
      return
    }
    var (tags, count) = ([NumberTag](), 0)
    for field in fields {
      var rest = field.utf8.drop(while: Self.isBetween)
      while !rest.isEmpty {
        guard let (tag, after) = Self.first(of: rest), count < Self.limit else { return nil }
        if let tag { tags.append(tag) }
        count += 1
        rest = after.drop(while: Self.isBetween)
      }
    }
    if count == 0 { return nil }
    self = .listed(tags)
  }

  /// A tag and what stands behind it, a comma or nothing; the tag is nil where it can be no object's.
  private static func first(of text: Substring.UTF8View) -> (NumberTag?, Substring.UTF8View)? {
    let isWeak = text.starts(with: "W/".utf8)
    let quoted = isWeak ? text.dropFirst(2) : text
    guard quoted.first == quote, let end = quoted.dropFirst().firstIndex(of: quote) else { return nil }
    let after = quoted[end...].dropFirst().drop(while: isBlank)
    guard after.isEmpty || after.first == UInt8(ascii: ",") else { return nil }
    return (isWeak ? nil : NumberTag(opaque: quoted[..<end].dropFirst()), after)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return text
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isBetween(_ byte: UInt8) -> Bool { isBlank(byte) || byte == UInt8(ascii: ",") }

  private static let quote = UInt8(ascii: "\"")

  /// What an `If-Match` wants of the object.
  var condition: ObjectCondition {
    switch self {
    case .any: .exists
    case .listed(let tags): .sequence(among: tags.map(\.number))
    }
  }

  /// The tag under which a client has the object of this sequence; nil where it has another state of it.
  func held(_ sequence: Int64) -> NumberTag? {
    switch self {
    case .any: NumberTag(sequence)
    case .listed(let tags): tags.first { $0.number == sequence }
    }
  }
}

extension RequestHead {
  /// What a write of an object wants of it.
  /// - Throws: `ClientFault.request` for what cannot be read: to pass over it could overwrite what it was to keep.
  func conditions(of route: ObjectRoute) throws(ClientFault) -> [ObjectCondition] {
    var conditions: [ObjectCondition] = []
    let match = headers.all("if-match")
    if !match.isEmpty {
      guard let tags = ObjectTags(match) else { throw Self.refused("If-Match", match, "\(Self.tags), or * alone") }
      conditions.append(tags.condition)
    }
    let noneMatch = route == .put ? headers.all("if-none-match") : []
    if !noneMatch.isEmpty {
      guard ObjectTags(noneMatch) == .any else { throw Self.refused("If-None-Match", noneMatch, "* alone") }
      conditions.append(.isAbsent)
    }
    return conditions
  }

  private static let tags = "up to \(ObjectTags.limit) ETags as answers have them, in their quotes, with commas between"

  private static func refused(_ name: String, _ fields: [String], _ takes: String) -> ClientFault {
    .request("\(name): \"\(CutText.cut(fields.joined(separator: ", ")))\" is refused: on this route it takes \(takes).")
  }

  /// The tag under which the client has the object whose last write is this; nil where it has not said that it has.
  func held(_ sequence: Int64) -> NumberTag? {
    let fields = headers.all("if-none-match")
    return fields.isEmpty ? nil : ObjectTags(fields)?.held(sequence)
  }
}
