import DataModel
import HTTPServer
import JSON
import Storage
import Wire

// What describes the API
//
// `Route.table` says what there is to ask for, `Route+Description.swift` what people and programs are told of each
// route, `Route+Errors.swift` which errors of the table of errors it can give. The router reads the first;
// `OpenAPIDocument.swift` makes `openapi.json` out of all three, the limits, and the deployment's data model, and
// `DeploymentPage.swift` the page `docs`. A route without a description does not compile. Both are made when they
// are asked for and kept until the model, the label or the address changes (`DescriptionCache.swift`).
// `OpenAPIScenarios.swift` holds the document to the tables, and the contract test in `Contract` holds the server
// to the document, and lets a generated client and the program of docs/loading.md work with it (docs/openapi.md).

/// `openapi.json`: the API of one deployment as OpenAPI 3.1, made from the table of routes, the table
/// of errors, the limits, and the data model in force.
///
/// Each model has paths and schemas of its own, so that what is generated from the document is typed.
package struct OpenAPIDocument {
  let dataModel: StoredDataModel
  /// What people call the deployment.
  let label: String
  /// `https://host/api/v4/{deployment-id}`
  let base: String
  let limits: TransportLimits
  /// Whether bodies may be forms, too. Many generators make a mess of two kinds of one body.
  var hasForms = true

  var block: ByteBlock {
    var writer = ByteWriter(capacity: 1 << 18)
    node.append(to: &writer)
    return writer.detach()
  }

  var node: JSONNode {
    [
      "openapi": "3.1.0", "info": info, "servers": [["url": .text(base)]],
      "security": [["basic": []], ["bearer": []], ["token": []], ["basic": [], "device": []]], "tags": .array(tags),
      "paths": .object(paths),
      "components": [
        "securitySchemes": Self.securitySchemes, "headers": SharedHeaders.all,
        "parameters": .object(SharedParameters.all), "responses": .object(ErrorResponses.all),
        "schemas": .object(SharedSchemas.all + dataModel.models.flatMap { ModelSchemas(stored: $0).all }),
      ],
    ]
  }

  private var info: JSONNode {
    [
      "title": .text(label), "version": "4", "x-sojourn-datamodel-hash": .text(dataModel.model.hash),
      "description": .text(
        """
        The v4 Backend API of this deployment, under the data model in force.

        * `.json` at the end of a path may be left out, a model may be called by its plural, and HEAD works \
        wherever GET does.
        * Unknown parameters are ignored; unknown fields in filters, sorts and bodies are errors.
        * Values may come as strings (`"3"` for 3), texts as numbers, and choices as they were read. Within v4 nothing is removed, \
        renamed or retyped; keys and headers may be added, so ignore those that you do not know.
        * What is marked with `x-sojourn-extension` goes beyond v4.
        * Requests may be \(limits.body) bytes long, their heads \(limits.head), their first lines \
        \(limits.requestLine). A caller's `X-Request-Id` (1 to 128 visible ASCII characters) comes back in the answer.
        """),
    ]
  }

  private var tags: [JSONNode] {
    dataModel.models.map { ["name": .text($0.name), "description": .text($0.model.label)] }
      + [["name": "deployment", "description": "The deployment as a whole"]]
  }

  private static let securitySchemes: JSONNode = [
    "basic": [
      "type": "http", "scheme": "basic",
      "description": "The deployment's id is the user name, its API password the password.",
    ],
    "bearer": ["type": "http", "scheme": "bearer", "description": "A named token, which begins with `O:`."],
    "token": [
      "type": "apiKey", "in": "header", "name": "Authorization",
      "description": "The same tokens under the scheme that some clients write: `Token O:…`.",
    ],
    "device": [
      "type": "apiKey", "in": "header", "name": "Journey-Authentication-Type",
      "description":
        "An app user's device: the value is `Device`, and Basic has its `enrollment_id` and `auth_token`. It may use objects, queries, batches and the data model.",
    ],
  ]

  // MARK: Paths

  /// Each route once, or once for each model; methods of one path together.
  private var paths: [(key: String, value: JSONNode)] {
    var indexes: [String: Int] = [:]
    var paths: [(key: String, operations: [(key: String, value: JSONNode)])] = []
    func add(_ operation: OpenAPIOperation) {
      let index = indexes[operation.path] ?? paths.count
      if index == paths.count {
        indexes[operation.path] = index
        paths.append((operation.path, []))
      }
      paths[index].operations.append((operation.route.method.name.lowercased(), operation.node))
    }
    for route in Route.table where !route.parts.contains(.model) {
      add(OpenAPIOperation(route: route, model: nil, example: dataModel.models.first?.model, hasForms: hasForms))
    }
    for model in dataModel.models {
      for route in Route.table where route.parts.contains(.model) {
        add(OpenAPIOperation(route: route, model: model.model, example: model.model, hasForms: hasForms))
      }
    }
    return paths.map { (key: $0.key, value: .object($0.operations)) }
  }
}
