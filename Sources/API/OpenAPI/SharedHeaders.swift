import JSON

/// The headers of answers that clients use.
enum SharedHeaders {
  enum Name: String, CaseIterable {
    case requestID = "X-Request-Id"
    case sequence = "X-Sojourn-Sequence"
    case feed = "X-Sojourn-Feed"
    case entityTag = "ETag"
    case retryAfter = "Retry-After"
    case authenticate = "WWW-Authenticate"
    case link = "Link"
  }

  static let all: JSONNode = .object(Name.allCases.map { (key: $0.rawValue, value: node($0)) })

  static func references(_ names: [Name]) -> JSONNode {
    .object(names.map { (key: $0.rawValue, value: ["$ref": "#/components/headers/\($0.rawValue)"]) })
  }

  private static func node(_ name: Name) -> JSONNode {
    switch name {
    case .requestID:
      ["required": true, "description": "The caller's, or a fresh one.", "schema": ["type": "string"]]
    case .sequence:
      [
        "required": true, "x-sojourn-extension": true, "schema": ["type": "integer", "minimum": 0],
        "description": "Every oplog entry below it is contained in the answer, none from it on.",
      ]
    case .feed:
      [
        "x-sojourn-extension": true, "schema": ["type": "string"],
        "description": "Another one than in the last answer means that the data was restored from a copy.",
      ]
    case .entityTag:
      [
        "required": true, "description": "Names what the answer holds; of an object, the sequence of its last write.",
        "schema": ["type": "string"],
      ]
    case .retryAfter:
      [
        "required": true, "description": "Seconds to wait before repeating.",
        "schema": ["type": "integer", "minimum": 1],
      ]
    case .authenticate: ["required": true, "schema": ["type": "string"]]
    case .link:
      [
        "x-sojourn-extension": true, "schema": ["type": "string"],
        "description":
          "While there is more: `<…after=…>; rel=\"next\"`, the address of the next page; left out beyond 2 KiB.",
      ]
    }
  }
}
