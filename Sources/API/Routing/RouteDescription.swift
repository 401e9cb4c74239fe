/// What people and programs are told of a route: the table behind `openapi.json` and `docs`.
package struct RouteDescription: Sendable {
  /// What a good answer's body is.
  package enum Answer: Sendable {
    case object, list, count
    case batch, dataModelJSON, dataModelXML, info, indexes, feed
    case openAPI, page
    case empty
  }

  /// One line.
  package let summary: String
  /// Sentences on what the table's other columns do not say.
  package let details: String
  package let parameters: [RouteParameter]
  package let answer: Answer
  /// Whether it goes beyond v4.
  package let isExtension: Bool

  init(
    _ summary: String, _ details: String = "", parameters: [RouteParameter] = [], answer: Answer,
    isExtension: Bool = false
  ) {
    self.summary = summary
    self.details = details
    self.parameters = parameters
    self.answer = answer
    self.isExtension = isExtension
  }
}
