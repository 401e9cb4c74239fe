import Testing

@testable import DataModel

@Suite("Configured webhooks over deploys")
struct WebhookTakeoverTests {
  /// Webhooks by a letter each, which is what they send: `A` has no name, `A=x` is called x.
  private static func xml(_ webhooks: String) -> String {
    let webhooks = webhooks.split(separator: " ").map { webhook in
      let parts = webhook.split(separator: "=")
      let name = parts.count > 1 ? " name=\"\(parts[1])\"" : ""
      return "<webhook type=\"update\"\(name)><field name=\"\(parts[0].lowercased())\"/></webhook>"
    }
    return document(
      "<model name=\"m\" label=\"M\">"
        + "abcd".map { "<field name=\"\($0)\" label=\"L\" type=\"text\"/>" }.joined()
        + "<display>M</display>\n\(webhooks.joined(separator: "\n"))</model>")
  }

  /// Before, after, and the names that would go to another webhook when all are configured.
  static let deploys: [(String, String, [String])] = [
    ("A B", "A B", []), ("A B", "A B C", []), ("A", "A B", []), ("A B", "", []), ("", "A B", []),
    // Moved, removed, added before.
    ("A B", "B A", ["m_update", "m_update_2"]), ("A B", "B", ["m_update"]), ("A", "B A", ["m_update"]),
    ("A B C", "A C", ["m_update_2"]), ("A B", "A C", ["m_update_2"]), ("A", "B C", ["m_update"]),
    // The last one is gone: its endpoint waits.
    ("A B", "A", []), ("A B C", "A B", []),
    // One alone is edited.
    ("A", "B", []), ("A=x", "B=x", []), ("A=m_update", "A", []), ("A", "B=m_update", []),
    // A name that was written goes by default to what differs.
    ("A=m_update", "B", ["m_update"]),
    // One of several may be an edit or another one.
    ("A B", "C B", ["m_update"]), ("A B", "C", ["m_update"]),
    // Names say which is meant.
    ("A B", "B=m_update_2", []), ("A B", "B=m_update_2 A=m_update", []), ("A B", "C=m_update B=m_update_2", []),
    ("A B", "C=m_update B", []), ("A", "B=m_update C", []), ("A B", "B=m_update A=m_update_2", []),
    // The name is written for another one, and what had it counts on.
    ("A", "B=m_update A", ["m_update"]), ("A B", "C=m_update B A", ["m_update"]),
    // In other words the same.
    ("A B", "A=m_update B", []), ("A=m_update B=m_update_2", "A B", []), ("A=m_update B", "B A=m_update", []),
    ("A=m_update B=m_update_2", "B A", ["m_update", "m_update_2"]),
  ]

  private func model(_ webhooks: String) throws -> DataModel {
    try #require(read(Self.xml(webhooks)).model, "\(webhooks)")
  }

  @Test("None serves another without being told", arguments: deploys)
  func takeovers(before: String, after: String, names: [String]) throws {
    let old = try model(before)
    let next = try model(after)
    let configured = old.webhooks.map { (name: $0.declaration.name, before: Optional($0)) }
    let found = WebhookTakeover.all(in: next, configured: configured)
    #expect(found.map(\.name) == names)
    for one in found {
      #expect(one.line == next.webhook(named: one.name)?.declaration.line)
      #expect(one.sentence.contains("name=\"\(one.name)\"") && one.sentence.contains("line \(one.line)."))
    }
    #expect(WebhookTakeover.all(in: next, configured: []) == [])
  }

  @Test("Of what a name stood for nobody knows, only a number is doubtful")
  func unknown() throws {
    let configured: [(name: String, before: ModelWebhook?)] = [("m_update", nil), ("m_update_2", nil), ("x", nil)]
    for (after, names) in [("A", []), ("A B", ["m_update", "m_update_2"]), ("A=x B=m_update", []), ("", [])] {
      let next = try model(after)
      #expect(WebhookTakeover.all(in: next, configured: configured).map(\.name) == names)
    }
  }

  @Test("Another model, kind, receiver or action is another webhook")
  func content() throws {
    let webhooks = [
      "type='update'", "type='update' receiver='cloudcode' action='a'", "type='update' receiver='pdfmailer' action='a'",
      "type='update' receiver='cloudcode' action='b'", "type='ready'",
    ]
    func declared(_ webhook: String, in model: String) throws -> ModelWebhook {
      let xml = "<model name='\(model)' label='M'><display>M</display><webhook name='n' \(webhook)/></model>"
      return try #require(read(document(xml)).model?.webhook(named: "n"))
    }
    let all = try webhooks.flatMap { [try declared($0, in: "m"), try declared($0, in: "o")] }
    for (a, left) in all.enumerated() {
      for (b, right) in all.enumerated() { #expect(left.doesTheSame(as: right) == (a == b)) }
    }
  }
}

extension DataModel {
  fileprivate func webhook(named name: String) -> ModelWebhook? { webhooks.first { $0.declaration.name == name } }
}
