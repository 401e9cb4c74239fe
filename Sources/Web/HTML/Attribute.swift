import Wire

/// An attribute of an element. There are those that pages need and no others: a style, a handler of an event or an
/// address that was not checked cannot be written.
package struct Attribute {
  fileprivate enum Value {
    case absent
    case literal(StaticString)
    case text(String)
    case number(Int)
  }

  fileprivate let prefix: StaticString
  fileprivate let name: StaticString
  fileprivate let value: Value

  fileprivate init(_ name: StaticString, _ value: Value, prefix: StaticString = "") {
    self.prefix = prefix
    self.name = name
    self.value = value
  }

  package static var none: Attribute { Attribute("", .absent) }

  /// The attribute where the condition holds.
  package static func when(_ condition: Bool, _ attribute: @autoclosure () -> Attribute) -> Attribute {
    condition ? attribute() : none
  }

  private static func flag(_ name: StaticString, _ isSet: Bool) -> Attribute {
    Attribute(name, isSet ? .literal("") : .absent)
  }
}

extension Attribute {
  package static func `class`(_ names: StaticString) -> Attribute { Attribute("class", .literal(names)) }
  package static func id(_ id: String) -> Attribute { Attribute("id", .text(id)) }
  package static func title(_ text: String) -> Attribute { Attribute("title", .text(text)) }
  package static func lang(_ code: StaticString) -> Attribute { Attribute("lang", .literal(code)) }
  /// `auto` lets each text have its own direction.
  package static var directionOfText: Attribute { Attribute("dir", .literal("auto")) }
  package static var hidden: Attribute { flag("hidden", true) }
  package static func tabIndex(_ index: Int) -> Attribute { Attribute("tabindex", .number(index)) }
  package static func role(_ role: StaticString) -> Attribute { Attribute("role", .literal(role)) }

  /// `data-…`, for modules.
  package static func data(_ name: StaticString, _ value: String) -> Attribute {
    Attribute(name, .text(value), prefix: "data-")
  }

  /// The head of a cell's column, which stands beside the value where a narrow window has no room for columns
  /// (`table.stacked`).
  package static func head(_ text: String) -> Attribute { .data("head", text) }

  /// `aria-…`
  package static func aria(_ name: StaticString, _ value: String) -> Attribute {
    Attribute(name, .text(value), prefix: "aria-")
  }

  // MARK: Links.

  package static func href(_ address: LocalAddress) -> Attribute { Attribute("href", .text(address.text)) }
  package static func href(_ address: WebAddress) -> Attribute { Attribute("href", .text(address.text)) }
  package static func rel(_ words: StaticString) -> Attribute { Attribute("rel", .literal(words)) }
  package static var inNewTab: Attribute { Attribute("target", .literal("_blank")) }
  package static func download(_ name: String) -> Attribute { Attribute("download", .text(name)) }
  package static func source(_ address: LocalAddress) -> Attribute { Attribute("src", .text(address.text)) }
  package static func source(_ address: WebAddress) -> Attribute { Attribute("src", .text(address.text)) }
  package static func alternative(_ text: String) -> Attribute { Attribute("alt", .text(text)) }
  package static func width(_ pixels: Int) -> Attribute { Attribute("width", .number(pixels)) }
  package static func height(_ pixels: Int) -> Attribute { Attribute("height", .number(pixels)) }
  package static var loadedLate: Attribute { Attribute("loading", .literal("lazy")) }

  // MARK: Tables.

  package static func scope(_ scope: StaticString) -> Attribute { Attribute("scope", .literal(scope)) }
  /// The number with which a list begins.
  package static func start(_ number: Int) -> Attribute { Attribute("start", .number(number)) }
  package static func columns(_ count: Int) -> Attribute { Attribute("colspan", .number(count)) }
  package static func datetime(_ text: String) -> Attribute { Attribute("datetime", .text(text)) }

  // MARK: Forms.

  package static func action(_ address: LocalAddress) -> Attribute { Attribute("action", .text(address.text)) }
  package static func method(_ method: FormMethod) -> Attribute { Attribute("method", .literal(method.word)) }
  package static func encoding(_ type: StaticString) -> Attribute { Attribute("enctype", .literal(type)) }
  package static func name(_ name: String) -> Attribute { Attribute("name", .text(name)) }
  package static func value(_ text: String) -> Attribute { Attribute("value", .text(text)) }
  package static func `for`(_ id: String) -> Attribute { Attribute("for", .text(id)) }
  package static func form(_ id: String) -> Attribute { Attribute("form", .text(id)) }
  package static func type(_ type: InputType) -> Attribute { Attribute("type", .literal(type.word)) }
  package static func inputMode(_ mode: StaticString) -> Attribute { Attribute("inputmode", .literal(mode)) }
  package static func autocomplete(_ words: StaticString) -> Attribute { Attribute("autocomplete", .literal(words)) }
  package static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", .text(text)) }
  package static func list(_ id: String) -> Attribute { Attribute("list", .text(id)) }
  package static func step(_ step: StaticString) -> Attribute { Attribute("step", .literal(step)) }
  package static func rows(_ count: Int) -> Attribute { Attribute("rows", .number(count)) }
  package static func size(_ count: Int) -> Attribute { Attribute("size", .number(count)) }
  package static func maxLength(_ count: Int) -> Attribute { Attribute("maxlength", .number(count)) }
  package static func spellcheck(_ isOn: Bool) -> Attribute {
    Attribute("spellcheck", .literal(isOn ? "true" : "false"))
  }
  package static func checked(_ isSet: Bool = true) -> Attribute { flag("checked", isSet) }
  package static func selected(_ isSet: Bool = true) -> Attribute { flag("selected", isSet) }
  package static func disabled(_ isSet: Bool = true) -> Attribute { flag("disabled", isSet) }
  package static func readOnly(_ isSet: Bool = true) -> Attribute { flag("readonly", isSet) }
  package static func required(_ isSet: Bool = true) -> Attribute { flag("required", isSet) }
  package static func open(_ isSet: Bool = true) -> Attribute { flag("open", isSet) }
  package static func autofocus(_ isSet: Bool = true) -> Attribute { flag("autofocus", isSet) }

  // MARK: Drawings.

  package static func viewBox(_ box: StaticString) -> Attribute { Attribute("viewBox", .literal(box)) }
  package static func path(_ path: StaticString) -> Attribute { Attribute("d", .literal(path)) }
  /// A path that was worked out.
  static func path(drawn path: String) -> Attribute { Attribute("d", .text(path)) }
  /// A square from 0 to `side` with room around it.
  static func viewBox(ofSide side: Int, around: Int) -> Attribute {
    Attribute("viewBox", .text("-\(around) -\(around) \(side + 2 * around) \(side + 2 * around)"))
  }

  // MARK: Heads of pages.

  static func charset(_ name: StaticString) -> Attribute { Attribute("charset", .literal(name)) }
  static func content(_ text: StaticString) -> Attribute { Attribute("content", .literal(text)) }
  static func metaName(_ name: StaticString) -> Attribute { Attribute("name", .literal(name)) }
  static var module: Attribute { Attribute("type", .literal("module")) }
}

package enum FormMethod: Sendable {
  case get, post

  var word: StaticString {
    switch self {
    case .get: "get"
    case .post: "post"
    }
  }
}

/// Of inputs and buttons. Those whose browsers drop or change what was typed are not here.
package enum InputType: Sendable {
  case text, search, password, hidden, checkbox, radio, date, datetimeLocal, file, submit, button

  var word: StaticString {
    switch self {
    case .text: "text"
    case .search: "search"
    case .password: "password"
    case .hidden: "hidden"
    case .checkbox: "checkbox"
    case .radio: "radio"
    case .date: "date"
    case .datetimeLocal: "datetime-local"
    case .file: "file"
    case .submit: "submit"
    case .button: "button"
    }
  }
}

extension ByteWriter {
  mutating func append(_ attribute: Attribute) {
    if case .absent = attribute.value { return }
    append(" ")
    append(attribute.prefix)
    append(attribute.name)
    append("=\"")
    switch attribute.value {
    case .absent: break
    case .literal(let text): append(text)
    case .text(let text): append(inAttribute: text)
    case .number(let number): append(integer: Int64(number))
    }
    append("\"")
  }

  /// A tab and a line feed are references: parsers of XML take bare ones in attributes for blanks.
  private mutating func append(inAttribute text: String) {
    guard text.utf8.contains(where: { $0 == 9 || $0 == 10 }) else { return append(escaped: text) }
    var rest = text[...]
    while let index = rest.utf8.firstIndex(where: { $0 == 9 || $0 == 10 }) {
      append(escaped: String(rest[..<index]))
      append(rest.utf8[index] == 9 ? "&#9;" : "&#10;")
      rest = rest[rest.utf8.index(after: index)...]
    }
    append(escaped: String(rest))
  }
}
