import DataModel
import JSON
import Wire

/// A model on the page: what its objects have, what one looks like, and how to ask for them.
struct ModelSection {
  let model: Model
  let base: String

  func append(to writer: inout ByteWriter) {
    writer.append("<h3 id=\"model-")
    writer.append(html: model.name)
    writer.append("\">")
    writer.append(html: model.label)
    writer.append(" ")
    writer.appendElement("code", model.name)
    writer.append("</h3>\n")
    writer.appendParagraph("Displays as `\(model.display.text)`.")
    let rows = fieldRows + relationshipRows
    if !rows.isEmpty { writer.appendTable(["Name", "Type", "Meaning"], rows) }
    for view in model.hasMany {
      writer.appendParagraph("Its \(view.name): the objects of `\(view.model)` whose `\(view.inverseOf)_id` is its id.")
    }
    writer.appendElement("h4", "An object")
    writer.appendCode(block: ModelExample(model: model).object.lines)
    writer.appendElement("h4", "With curl")
    for route in Route.table where route.parts.contains(.model) {
      writer.appendCode(block: "# \(route.description.summary)\n\(line(route))")
    }
  }

  private var fieldRows: [[String]] {
    model.fields.map { field in
      let names = field.idName.map { "`\(field.name)`, `\($0)`" } ?? "`\(field.name)`"
      let type = field.subtype.map { "\(field.type.rawValue) (\($0.rawValue))" } ?? field.type.rawValue
      let shown = field.options.prefix(100).map { "`\($0.key)` \($0.label)" }.joined(separator: ", ")
      let rest = field.options.count > 100 ? ", and \(field.options.count - 100) more" : ""
      return [names, type, shown.isEmpty ? field.label : "\(field.label): \(shown)\(rest)"]
    }
  }

  private var relationshipRows: [[String]] {
    model.belongsTo.map { ["`\($0.idName)`", "belongs to", "The id of an object of `\($0.model)`."] }
  }

  private func line(_ route: Route) -> String {
    let path = route.path(model: model.name).replacing("{id}", with: ModelExample.id)
    let operation = OpenAPIOperation(route: route, model: model, example: model)
    return CurlLine(base: base).text(route.method, path + query(route), body: operation.bodyExample)
  }

  /// One filter, one sort key and a limit, as far as the route takes them.
  private func query(_ route: Route) -> String {
    var parts: [String] = []
    for parameter in route.description.parameters {
      switch parameter.kind {
      case .filter where parameter.name == RouteParameter.filter.name:
        for field in model.fields {
          guard let value = FieldExample(field: field).filtering else { continue }
          parts.append("q[\(field.name)]=\(PercentText.encode(value))")
          break
        }
      case .sort: parts.append("sort[updated_at]=-1")
      default: if let example = parameter.example { parts.append("\(parameter.name)=\(PercentText.encode(example))") }
      }
    }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }
}
