import Objects
import QueryLanguage

extension Route {
  package var description: RouteDescription {
    switch kind {
    case .open(let route): route.description
    case .call(.object(let route)): route.description
    case .call(.batch): .batch
    case .call(.user(let route)): route.description
    case .call(.deployment(let route)): route.description
    case .call(.attachment(let route)): route.description
    }
  }
}

extension ObjectRoute {
  /// The names of the parameters that the route knows in its query string.
  var queryParameters: [String] { description.parameters.filter { $0.location == .query }.map(\.name) }

  fileprivate var description: RouteDescription {
    switch self {
    case .list:
      RouteDescription(
        "Lists objects", "At most \(PageBounds.most) at a time, in order of creation unless a sort says otherwise.",
        parameters: [.filter, .longFilter, .sort, .limit, .skip, .total, .include, .after, .cursor], answer: .list)
    case .count:
      RouteDescription("Counts objects", parameters: [.filter, .longFilter], answer: .count)
    case .search:
      RouteDescription(
        "Finds objects that contain a text",
        "Looks at text fields, labels of choices, numbers, dates and times as printed, and ids, whatever the case of letters. An empty text finds nothing. What the body names may stand in the query string instead, as for a list.",
        answer: .list)
    case .query: .query
    case .get:
      RouteDescription(
        "Reads one object",
        "The `ETag` is the sequence of the object's last write. What the answer prints of other objects, displays among it, and the addresses of attachments, change without it.",
        parameters: [.include, .objectIfNoneMatch], answer: .object)
    case .create:
      RouteDescription(
        "Creates an object",
        "The body has one key, the model's name. `id` may be given: an unused UUID in lower case. What the body does not name is null. `type`, `updated_at` and `display` are ignored, so that a client may send what it read. Related ids are not checked for existence.",
        answer: .object)
    case .patch:
      RouteDescription(
        "Changes fields of an object",
        "Only what the body names changes; null clears. A change to what is there already writes nothing.",
        parameters: [.ifMatch], answer: .object)
    case .put:
      RouteDescription(
        "Replaces an object, or creates it",
        "What the body does not name becomes null. Safe to repeat: a put that changes nothing writes nothing.",
        parameters: [.ifMatch, .ifAbsent], answer: .object)
    case .delete:
      RouteDescription("Deletes an object", "The answer's body is empty.", parameters: [.ifMatch], answer: .empty)
    }
  }
}

extension DeploymentRoute {
  fileprivate var description: RouteDescription {
    switch self {
    case .oplog: .feed
    case .dataModelJSON:
      RouteDescription("Tells the data model", parameters: [.ifNoneMatch], answer: .dataModelJSON)
    case .dataModelXML:
      RouteDescription("Gives the data model's XML, as deployed", parameters: [.ifNoneMatch], answer: .dataModelXML)
    case .info:
      RouteDescription("Tells about the deployment", answer: .info)
    case .indexes:
      RouteDescription("Tells the indexes of each model", answer: .indexes)
    case .openAPI:
      RouteDescription(
        "Describes this deployment's API for programs", "OpenAPI 3.1, under the data model in force.",
        parameters: [.forms, .ifNoneMatch], answer: .openAPI, isExtension: true)
    case .docs:
      RouteDescription(
        "Describes this deployment's API for people", "The same as a page.", parameters: [.ifNoneMatch], answer: .page,
        isExtension: true)
    }
  }
}

extension AttachmentRoute {
  fileprivate var description: RouteDescription {
    switch self {
    case .create: .upload
    case .put: .uploadByID
    }
  }
}

extension OpenRoute {
  fileprivate var description: RouteDescription {
    switch self {
    case .enrol: .enrolment
    case .download: .download
    }
  }
}

extension RouteDescription {
  static let batch = RouteDescription(
    "Writes many objects at once",
    "Up to \(Batch.limit) operations in their order, durable and visible together. The answer has one entry for each, in the same order: an operation that fails leaves no trace, and the others are done. Fields stand directly beside `type` and `id`. Beside `method`, `if_match` takes the sequence of the object's last write, or `*` where it must exist, and `if_none_match` takes `*` where it must not; an operation whose object is not so fails with `CONFLICT`.",
    answer: .batch)
  static let query = RouteDescription(
    "Finds objects by an expression",
    "`field operator ?`, joined by `and` and `or`, with parentheses; each `?` takes the next of `arguments`. Operators: `=`, `!=`, `<`, `<=`, `>`, `>=`, `contains`, `starts with`, `in`, `not in`. `contains` and `starts with` look into texts, keys and ids and do not mind the case of letters. A day without a time means all of it where a time is to equal it. Without an expression all objects match.",
    answer: .list)
  static let feed = RouteDescription(
    "Follows all changes",
    "Every create, update and delete in the order of commits. Follow `next_request_start`: each change comes exactly once. When `X-Sojourn-Feed` differs from the last answer's, the data was restored from a copy: load it anew.",
    parameters: RouteParameter.feed, answer: .feed)
  static let download = RouteDescription(
    "Gives an attachment's bytes",
    "By an address as objects print it: its signature stands for credentials until it expires. Ranges, also several, and `If-Range` are served; SVG and everything else that a browser could run goes out so that it runs nothing. Where attachments lie in an object store the answer is a 302 to it.",
    parameters: [.expires, .signature, .range, .ifNoneMatch], answer: .bytes)
  static let upload = RouteDescription(
    "Takes an attachment's bytes", "The body is the bytes, of any type; the answer's id is linked as `{field}_id`.",
    parameters: [.fileName], answer: .attachmentID, isExtension: true)
  static let uploadByID = RouteDescription(
    "Takes the bytes of an attachment that waits for them",
    "For an id that objects link already, or that is new. Each object that links it gets an oplog entry.",
    parameters: [.fileName], answer: .attachmentID, isExtension: true)
}
