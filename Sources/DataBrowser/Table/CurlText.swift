import JSON
import Web
import Wire

/// A call that reads: a GET, or a POST with its body in JSON.
struct APICall: Sendable {
  /// After the deployment's base, with its query.
  var path: String
  var body: String?
}

/// A view as a call of the API, for a shell.
struct CurlText {
  let base: String
  let user: String
  let model: String
  let view: TableView
  let sort: [TableView.Sort]

  /// What a reader must know to send a call that is shown.
  static var credentials: HTML {
    p(.class("hush small")) {
      "The password of the API stands in SOJOURN_PASSWORD. A token goes into a header in place of -u: "
      code { "-H \"Authorization: Bearer $SOJOURN_TOKEN\"" }
    }
  }

  /// Nil for a view that is no single call: the API's lists take either filters, an expression or a search.
  var call: APICall? {
    switch (view.filters.isEmpty, view.expression.isEmpty, view.search.isEmpty) {
    case (_, true, true): APICall(path: "objects/\(encodedModel).json?\(query)")
    case (true, false, true): APICall(path: "objects/\(encodedModel)/query.json", body: expressionBody)
    case (true, true, false): APICall(path: "objects/\(encodedModel)/search.json", body: searchBody)
    default: nil
    }
  }

  var text: String? {
    call.map { call in Self.line(base: base, user: user, path: call.path, body: call.body.map { ($0, "POST") }) }
  }

  private var encodedModel: String { PercentText.encode(model) }

  /// With brackets as people write them, which `-g` passes on. The names of fields need no encoding.
  private var query: String {
    let filters = view.filters.map { "q[\($0.key)]=\(PercentText.encode($0.value))" }
    let keys = sort.map { "sort[\($0.name)]=\($0.isDescending ? "-1" : "1")" }
    return (filters + keys + ["limit=\(view.size)"]).joined(separator: "&")
  }

  private var expressionBody: String {
    var writer = ByteWriter(capacity: 256)
    writer.append("{\"expression\":")
    writer.append(quoted: view.expression)
    if !view.arguments.isEmpty {
      writer.append(",\"arguments\":")
      writer.append(text: view.arguments)
    }
    appendEnd(to: &writer)
    return writer.string
  }

  private var searchBody: String {
    var writer = ByteWriter(capacity: 256)
    writer.append("{\"query\":")
    writer.append(quoted: view.search)
    appendEnd(to: &writer)
    return writer.string
  }

  private func appendEnd(to writer: inout ByteWriter) {
    writer.append(",\"sort\":[")
    for (index, key) in sort.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: (key.isDescending ? "-" : "") + key.name)
    }
    writer.append("],\"limit\":")
    writer.append(integer: Int64(view.size))
    writer.append("}")
  }

  /// `-g` lets brackets be brackets.
  static func line(base: String, user: String, path: String, body: (text: String, method: String)? = nil) -> String {
    var text = "curl -g -u \"\(user):$SOJOURN_PASSWORD\" \(ShellWord.quoted("\(base)/\(path)"))"
    if let body {
      text += " \\\n  -X \(body.method) -H 'Content-Type: application/json' \\\n  -d \(ShellWord.quoted(body.text))"
    }
    return text
  }
}
