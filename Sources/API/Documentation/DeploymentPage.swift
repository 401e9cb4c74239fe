import DataModel
import HTTPServer
import Storage
import Wire

/// `docs`: what `openapi.json` says, as a page: routes with their parameters, answers and errors, then
/// the models with their fields, examples and lines for curl.
struct DeploymentPage {
  let document: OpenAPIDocument

  private var models: [Model] { document.dataModel.models.map(\.model) }

  var block: ByteBlock {
    HTMLPage.block(title: "API of \(document.label)") { writer in
      writer.appendElement("h1", document.label)
      writer.appendParagraph("The v4 Backend API at `\(document.base)`, under the data model in force.")
      appendContents(to: &writer)
      appendRequests(to: &writer)
      writer.appendHeading("h2", id: "routes", "Routes")
      for route in Route.table { RouteSection(route: route, example: models.first).append(to: &writer) }
      writer.appendHeading("h2", id: "models", "Models")
      if models.isEmpty { writer.appendParagraph("The data model has no models.") }
      for model in models { ModelSection(model: model, base: document.base).append(to: &writer) }
      appendErrors(to: &writer)
    }
  }

  private func appendContents(to writer: inout ByteWriter) {
    writer.append("<nav>")
    for (id, title) in [("requests", "Every request"), ("routes", "Routes"), ("errors", "Errors")] {
      writer.appendLink(to: "#\(id)", title)
    }
    for model in models { writer.appendLink(to: "#model-\(model.name)", model.label) }
    writer.append("</nav>\n")
  }

  private func appendRequests(to writer: inout ByteWriter) {
    writer.appendHeading("h2", id: "requests", "Every request")
    writer.appendParagraph(
      "carries credentials of this deployment: its id and API password (`Authorization: Basic …`), or a named token under `Bearer` or `Token`. Put the password into the environment, and the lines for curl on this page work as they stand; a server with a certificate of its own needs `--cacert` too."
    )
    writer.appendCode(block: "export SOJOURN_PASSWORD=…\n\(CurlLine(base: document.base).text(.get, "/info.json"))")
    writer.appendParagraph(
      "`.json` at the end of a path may be left out, a model may be called by its plural, and HEAD works wherever GET does. Bodies are JSON, or forms such as `model[field]=value`, of up to \(document.limits.body) bytes. Every answer has an `X-Request-Id`: yours, when you send one."
    )
    writer.append("<p>For programs there is the same as ")
    writer.appendLink(to: "\(document.base)/openapi.json", "OpenAPI 3.1")
    writer.append(". What is marked ")
    writer.appendMark("extension")
    writer.append(" goes beyond v4.</p>\n")
  }

  private func appendErrors(to writer: inout ByteWriter) {
    writer.appendHeading("h2", id: "errors", "Errors")
    writer.appendParagraph(
      "Credentials that are missing or wrong get 401 in plain text. All other errors are JSON with `type`, `title`, `detail` and `see`. These can come from any route:"
    )
    ErrorList.append(Route.commonErrors, to: &writer)
  }
}

/// Errors with what they mean, each a link to its section of the page of errors.
enum ErrorList {
  static func append(_ errors: [RouteError], to writer: inout ByteWriter) {
    writer.append("<ul>")
    for error in errors {
      writer.append("<li>")
      writer.append(text: String(error.status))
      writer.append(" ")
      writer.appendLink(to: "/docs/errors#\(error.type.rawValue)", error.type.rawValue)
      writer.append(" ")
      writer.append(html: error.type.title)
      writer.append("</li>\n")
    }
    writer.append("</ul>\n")
  }
}
