import CExpat

/// A page as expat reads it: what is not well-formed is no page.
package struct ReadPage {
  package private(set) var elements: [Element] = []
  /// What stands between tags, all of it.
  package private(set) var text = ""

  package struct Element: Equatable {
    package var name: String
    package var attributes: [String: String]
    /// All that stands inside, without tags.
    package var text = ""
    /// The names of those around it, the outermost first.
    package var path: [String] = []
    package var ancestors: [Int] = []
  }

  package struct Malformed: Error, CustomStringConvertible {
    package var description: String
  }

  package init(_ bytes: [UInt8]) throws {
    guard let parser = XML_ParserCreate("UTF-8") else { throw Malformed(description: "no parser") }
    defer { XML_ParserFree(parser) }
    let listener = Listener()
    XML_SetUserData(parser, Unmanaged.passUnretained(listener).toOpaque())
    XML_SetElementHandler(
      parser, { Listener.of($0).start($1, $2) }, { listener, _ in Listener.of(listener).end() })
    XML_SetCharacterDataHandler(parser) { Listener.of($0).characters($1, $2) }
    let status = bytes.withUnsafeBufferPointer { buffer in
      XML_Parse(
        parser, buffer.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) },
        Int32(buffer.count), 1)
    }
    guard status == XML_STATUS_OK else {
      let offset = max(0, Int(XML_GetCurrentByteIndex(parser)))
      let around = String(decoding: bytes[max(0, offset - 80)..<min(bytes.count, offset + 40)], as: UTF8.self)
      throw Malformed(description: "\(String(cString: XML_ErrorString(XML_GetErrorCode(parser)))) near: \(around)")
    }
    elements = listener.elements
    text = listener.text
  }

  package func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  package func element(withID id: String) -> Element? { elements.first { $0.attributes["id"] == id } }

  /// The addresses of all links.
  package var links: [String] { all("a").compactMap { $0.attributes["href"] } }

  private final class Listener {
    var elements: [Element] = []
    var text = ""
    var open: [Int] = []

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Listener {
      Unmanaged<Listener>.fromOpaque(pointer!).takeUnretainedValue()
    }

    func start(_ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
      var pairs: [String: String] = [:]
      var next = attributes
      while let name = next?[0], let value = next?[1] {
        pairs[String(cString: name)] = String(cString: value)
        next = next.map { $0 + 2 }
      }
      let path = open.map { elements[$0].name }
      elements.append(
        Element(name: name.map { String(cString: $0) } ?? "", attributes: pairs, path: path, ancestors: open))
      open.append(elements.count - 1)
    }

    func end() { open.removeLast() }

    func characters(_ bytes: UnsafePointer<XML_Char>?, _ count: Int32) {
      guard let bytes else { return }
      let buffer = UnsafeRawBufferPointer(start: bytes, count: Int(count))
      let part = String(decoding: buffer, as: UTF8.self)
      text += part
      for index in open { elements[index].text += part }
    }
  }
}

extension ReadPage {
  /// What every page must be, each fault in a sentence: one `h1`, unique ids, a label for each input, a name for each
  /// link and button, no inline style, script or handler, no address but those of pages and checked ones.
  package var faults: [String] {
    var faults: [String] = []
    let ids = elements.compactMap { $0.attributes["id"] }
    for id in Set(ids) where ids.count(where: { $0 == id }) > 1 { faults.append("the id \(id) stands twice") }
    if all("h1").count != 1 { faults.append("\(all("h1").count) h1") }
    if all("main").count != 1 { faults.append("\(all("main").count) main") }
    if all("title").first?.text.isEmpty ?? true { faults.append("no title") }
    let labelled = Set(all("label").compactMap { $0.attributes["for"] })
    for (index, element) in elements.enumerated() {
      faults += faultsOfMarkup(element)
      faults += faultsOfControls(element, index, labelled)
      for reference in ["for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list"] {
        for id in (element.attributes[reference] ?? "").split(separator: " ") where !ids.contains(String(id)) {
          faults.append("\(element.name) points by \(reference) to \(id), which is not there")
        }
      }
    }
    return faults
  }

  private func faultsOfMarkup(_ element: Element) -> [String] {
    var faults: [String] = []
    for name in element.attributes.keys where name == "style" || name.hasPrefix("on") {
      faults.append("\(element.name) has \(name)")
    }
    if element.name == "style" { faults.append("a style element") }
    if element.name == "script", element.attributes["src"] == nil || !element.text.isEmpty {
      faults.append("an inline script")
    }
    for name in ["href", "src", "action"] {
      guard let address = element.attributes[name] else { continue }
      let isGood = ["/databrowser", "/docs", "#", "?", "http://", "https://", "mailto:", "tel:"].contains {
        address.hasPrefix($0)
      }
      if !isGood { faults.append("\(element.name) has the address \(address)") }
    }
    if element.name == "img", element.attributes["alt"] == nil { faults.append("a picture without a text") }
    return faults
  }

  private func faultsOfControls(_ element: Element, _ index: Int, _ labelled: Set<String>) -> [String] {
    let isHidden = element.attributes["type"] == "hidden"
    switch element.name {
    case "input", "select", "textarea":
      let isLabelled =
        isHidden || element.attributes["aria-label"] != nil || element.attributes["aria-labelledby"] != nil
        || element.attributes["id"].map(labelled.contains) == true || element.path.contains("label")
      return isLabelled ? [] : ["\(element.name) \(element.attributes["name"] ?? "") has no label"]
    case "a", "button", "summary":
      let says = !element.text.allSatisfy(\.isWhitespace) || element.attributes["aria-label"] != nil
      let hasPicture = elements[index...].contains { $0.name == "img" && $0.ancestors.contains(index) }
      return says || hasPicture ? [] : ["\(element.name) without words: \(element.attributes)"]
    case "th":
      return element.attributes["scope"] == nil ? ["a head without scope: \(element.text)"] : []
    case "table":
      let caption = elements.contains { $0.name == "caption" && $0.ancestors.last == index }
      return caption ? [] : ["a table without caption"]
    default: return []
    }
  }
}
