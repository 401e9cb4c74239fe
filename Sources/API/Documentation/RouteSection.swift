import DataModel
import JSON
import Wire

/// A route on the page.
struct RouteSection {
  let route: Route
  /// The model that examples are made of.
  let example: Model?

  private var description: RouteDescription { route.description }

  func append(to writer: inout ByteWriter) {
    writer.append("<h3 id=\"route-")
    writer.append(html: route.name)
    writer.append("\"><span class=\"method\">")
    writer.append(html: route.method.name)
    writer.append("</span> ")
    writer.appendElement("code", route.path(model: "{model}"))
    if description.isExtension { writer.appendMark("extension") }
    writer.append("</h3>\n")
    writer.appendParagraph(
      description.details.isEmpty ? "\(description.summary)." : "\(description.summary). \(description.details)")
    appendParameters(to: &writer)
    appendBody(to: &writer)
    writer.appendElement("h4", "Answer")
    let sequence = route.readsSequence ? " `X-Sojourn-Sequence` says which oplog entries it contains." : ""
    writer.appendParagraph("200: \(description.answer.words)\(sequence)")
    if route.mayBeUnchanged {
      writer.appendParagraph("304: what the client has still holds.")
    }
    if !route.ownErrors.isEmpty { ErrorList.append(route.ownErrors, to: &writer) }
  }

  private func appendParameters(to writer: inout ByteWriter) {
    guard !description.parameters.isEmpty else { return }
    writer.appendElement("h4", "Parameters")
    writer.appendTable(
      ["Name", "Meaning"],
      description.parameters.map { parameter in
        let location = parameter.location == .header ? " (header)" : ""
        let mark = parameter.isExtension ? " (extension)" : ""
        return ["`\(parameter.name)`\(location)\(mark)", parameter.summary]
      })
  }

  private func appendBody(to writer: inout ByteWriter) {
    guard route.body != .none else { return }
    writer.appendElement("h4", "Body")
    switch route.body {
    case .bytes: writer.appendParagraph("Any bytes, of any type.")
    case .json: writer.appendParagraph("JSON.")
    default: writer.appendParagraph("JSON or a form.")
    }
    let operation = OpenAPIOperation(route: route, model: example, example: example)
    if let body = operation.bodyExample { writer.appendCode(block: body.lines) }
  }
}
