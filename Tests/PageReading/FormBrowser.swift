/// Sends a page's form as browsers do: only what is checked and named, each line end as CR and LF, none in inputs of
/// one line, dates and times in their own short forms.
package struct FormBrowser {
  private let page: ReadPage

  package init(page: ReadPage) { self.page = page }

  /// What the forms to `action` send, without their buttons.
  package func forms(to action: String) -> [[(String, String)]] {
    page.elements.indices.filter { index in
      let form = page.elements[index]
      return form.name == "form" && form.attributes["action"] == action && form.attributes["method"] == "post"
    }.map { index in
      page.elements.enumerated().filter { $0.element.ancestors.contains(index) }
        .compactMap { field($0.element, at: $0.offset) }
        .map { ($0.0, Self.sent($0.1)) }
    }
  }

  /// The same of the first of them; nil where there is none.
  package func fields(of action: String) -> [(String, String)]? { forms(to: action).first }

  private func field(_ element: ReadPage.Element, at index: Int) -> (String, String)? {
    guard let name = element.attributes["name"] else { return nil }
    let value = element.attributes["value"] ?? ""
    switch element.name {
    case "textarea":
      // The line feed that it begins with is the page's own.
      let bytes = element.text.utf8
      return (name, bytes.first == 10 ? String(decoding: bytes.dropFirst(), as: UTF8.self) : element.text)
    case "select":
      let options = page.elements.filter { $0.name == "option" && $0.ancestors.last == index }
      let chosen = options.first { $0.attributes["selected"] != nil } ?? options.first
      return chosen.map { (name, $0.attributes["value"] ?? $0.text) }
    case "input":
      switch element.attributes["type"] {
      case "checkbox", "radio": return element.attributes["checked"] == nil ? nil : (name, value)
      case "text", "search", "password": return (name, Self.withoutLines(value))
      case "date": return (name, Self.isDay(value) ? value : "")
      case "datetime-local":
        guard value.count >= 16, Self.isDay(String(value.prefix(10))) else { return (name, "") }
        return (name, value.hasSuffix(":00") && value.count == 19 ? String(value.dropLast(3)) : value)
      case "hidden": return (name, value)
      default: return nil
      }
    default: return nil
    }
  }

  private static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].count >= 4 && parts.allSatisfy { Int($0) != nil } && Int(parts[0]) != 0
  }

  private static func withoutLines(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
  }

  /// Each line end as CR and LF.
  private static func sent(_ text: String) -> String {
    var bytes: [UInt8] = []
    var last: UInt8 = 0
    for byte in text.utf8 {
      if byte == 10, last == 13 {
        last = byte
        continue
      }
      bytes += byte == 10 || byte == 13 ? [13, 10] : [byte]
      last = byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
