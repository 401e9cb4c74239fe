import JSON
import Wire

/// A value as a client wrote it: in JSON, or as text in a form or query string.
package enum ClientValue: Sendable {
  case json(JSONValue)
  /// From a form or a query string; all values there are text.
  case text(String)
  /// From `name[]=…` in a form.
  case texts([String])
  /// From `name[part]=…` in a form.
  case parts([(key: String, value: ClientValue)])

  /// Null, or the empty text by which a form clears a field.
  package var isNull: Bool {
    switch self {
    case .json(let json): json.isNull
    case .text(let text): text.isEmpty
    case .texts, .parts: false
    }
  }

  /// How the value is shown in a detail, cut.
  package var shown: String {
    switch self {
    case .json(let json):
      // Cut before it becomes a text: it may be 50 MB.
      CutText.cut(json.withRawText { String(decoding: $0.prefix(500), as: UTF8.self) })
    case .text(let text): "\"\(CutText.cut(text))\""
    case .texts: "a list"
    case .parts: "an object"
    }
  }

  /// The text, where the value is one.
  package var textual: String? {
    switch self {
    case .json(let json): json.string
    case .text(let text): text
    case .texts, .parts: nil
    }
  }

  /// The member of an object or of a form's parts.
  package subscript(key: String) -> ClientValue? {
    switch self {
    case .json(let json): json[key].map(ClientValue.json)
    case .parts(let parts): parts.first { $0.key == key }?.value
    case .text, .texts: nil
    }
  }

  /// The elements, where the value is a list or a form's way to write one; nil for all others.
  package var listed: [ClientValue]? {
    switch self {
    case .json(let json): json.isArray ? json.elements.map(ClientValue.json) : nil
    case .texts(let texts): texts.map(ClientValue.text)
    case .parts(let parts): NumberedKeys.values(parts)
    case .text: nil
    }
  }

  /// A choice as it was read: `{"key": …, "display": …}` counts as its key (api.md section 7).
  var unwrappedChoice: ClientValue { self["key"] ?? self }
}

extension ClientValue {
  package init(_ tree: FormTree) {
    switch tree {
    case .text(let text): self = .text(text)
    case .list(let texts): self = .texts(texts)
    case .container(let members):
      self = .parts(members.entries.map { (key: $0.key, value: ClientValue($0.value)) })
    }
  }
}
