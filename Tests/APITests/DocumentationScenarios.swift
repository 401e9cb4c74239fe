import API
import DataModel
import Deployments
import HTTPServer
import Storage
import Testing

@Suite("Pages for people")
struct DocumentationScenarios {
  @Test("have each route, each model with its fields, and each error that a route can give")
  func complete() async throws {
    try await TestAPI.run { api in
      let page = await api.send(.get, "docs").text
      for route in Route.table {
        #expect(page.contains("<h3 id=\"route-\(route.name)\">"))
        #expect(page.contains("<code>\(route.path(model: "{model}"))</code>"))
        for parameter in route.description.parameters { #expect(page.contains("<code>\(parameter.name)</code>")) }
        for error in route.errors { #expect(page.contains("/docs/errors#\(error.type.rawValue)")) }
      }
      for model in api.deployments[api.deploymentID]!.store.dataModel.model.models {
        #expect(page.contains("<h3 id=\"model-\(model.name)\">"))
        for field in model.fields { #expect(page.contains("<code>\(field.name)</code>")) }
      }
      #expect(page.contains("curl -g -u &quot;\(api.deploymentID):$SOJOURN_PASSWORD&quot; -X PATCH"))
    }
  }

  @Test("run nothing and load nothing", arguments: ["docs", "/docs/errors"])
  func policy(path: String) async throws {
    try await TestAPI.run { api in
      let answer = await api.send(.get, path)
      let policy = answer.headers["content-security-policy"] ?? ""
      #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
      for word in ["<script", "<img", "<link", "style=", "onclick"] { #expect(!answer.text.contains(word)) }
      #expect(answer.text.contains("prefers-color-scheme:dark"))
    }
  }

  @Test("print names as text, whatever stands in them")
  func escaping() async throws {
    try await TestAPI.run { api in
      try await api.deployments.set([("label", "<b>\"A\" & b</b>")], of: api.deploymentID)
      let page = await api.send(.get, "docs").text
      #expect(page.contains("<h1>&lt;b&gt;&quot;A&quot; &amp; b&lt;/b&gt;</h1>"))
      #expect(!page.contains("<b>"))
    }
  }
}
