// Reading attributes, with a finding for each that is missing, unknown or malformed.

extension FindingList {
  /// Warns of attributes that the element does not have, and of any text in it when it takes none.
  mutating func check(_ element: XMLElement, attributes known: [String], takesText: Bool = false) {
    for (name, _) in element.attributes where !known.contains(name) {
      add(
        .unknownAttribute, at: element.position,
        "\(element.tag) has no attribute \(quoted(name)), it is ignored. It takes: \(list(known)).")
    }
    if !takesText, !element.text.isEmpty {
      add(
        .unexpectedText, at: element.position,
        "\(element.tag) takes no text: \(quoted(element.text)) is ignored. Remove it.")
    }
  }

  /// Warns of a child that the element does not have.
  mutating func unknown(_ child: XMLElement, in parent: XMLElement, known: [String]) {
    let modern = ["attribute": "field", "belongs_to": "belongs-to", "has_many": "has-many"][child.name]
    let advice = modern.map { "Write <\($0)>." } ?? "It takes: \(known.isEmpty ? "none" : list(known))."
    add(
      .unknownElement, at: child.position,
      "\(parent.tag) has no element \(child.tag), it is ignored with all inside. \(advice)")
  }

  /// Warns of all children of an element that has none.
  mutating func refuseChildren(of element: XMLElement) {
    for child in element.children { unknown(child, in: element, known: []) }
  }

  /// An attribute that must be there and say something.
  mutating func required(_ name: String, of element: XMLElement, example: String) -> String? {
    if let value = element[name], !isBlank(value) { return value }
    add(
      .missingAttribute, at: element.position,
      "\(element.tag) needs the attribute \(name), for example \(name)=\"\(example)\".")
    return nil
  }

  /// The label of a model or field, which must be there; its name where it says nothing.
  mutating func label(of element: XMLElement, name: String?, example: String) -> String {
    guard let label = element["label"], isBlank(label) else {
      let label = required("label", of: element, example: example) ?? ""
      self.label(label, of: element)
      return label
    }
    add(
      .emptyLabel, at: element.position,
      "The label of \(element.tag) says nothing: people will see the name \(quoted(name ?? "")). Write"
        + " label=\"\(example)\" or the like.")
    return name ?? ""
  }

  /// A text for people, at most as long as labels may be.
  mutating func label(_ value: String, of element: XMLElement) {
    guard value.unicodeScalars.count > DataModelLimits.labelLength else { return }
    add(
      .tooLong, at: element.position,
      "\(quoted(value)) is longer than \(DataModelLimits.labelLength) characters. Shorten it.")
  }

  /// `true` or `false`; nil when it is not there, empty or neither.
  mutating func flag(_ name: String, of element: XMLElement) -> Bool? {
    guard let value = element[name] else { return nil }
    if isBlank(value) {
      add(
        .emptyAttribute, at: element.position,
        "\(name) of \(element.tag) is empty: the default holds. Write true or false, or remove it.")
      return nil
    }
    if value == "true" { return true }
    if value == "false" { return false }
    invalid(name, value, of: element, allowed: ["true", "false"])
    return nil
  }

  /// One of a closed list of words; nil when it is not there or none of them.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, of element: XMLElement, as type: Word.Type = Word.self
  ) -> Word? where Word.RawValue == String {
    guard let value = element[name] else { return nil }
    if let word = Word(rawValue: value) { return word }
    invalid(name, value, of: element, allowed: Word.allCases.map(\.rawValue))
    return nil
  }

  mutating func invalid(_ name: String, _ value: String, of element: XMLElement, allowed: [String]) {
    add(
      .invalidAttribute, at: element.position,
      "\(name)=\(quoted(value)) is not possible on \(element.tag). It can be: \(list(allowed)).")
  }

  mutating func ineffective(_ name: String, of element: XMLElement, because reason: String) {
    add(
      .ineffectiveAttribute, at: element.position,
      "\(name) on \(element.tag) has no effect: \(reason). Remove it.")
  }
}

/// Whether there is nothing to be seen in it.
func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

/// Words for a message, in the order given; of many the first ones.
func list(_ words: [String]) -> String {
  words.prefix(20).joined(separator: ", ") + (words.count > 20 ? ", …" : "")
}

/// Advice where a name differs from one that exists in letter case alone. Costs a walk over the
/// names: only for messages, whose number is bounded.
func similar(to name: String, in names: some Sequence<String>) -> String? {
  let lower = name.lowercased()
  return names.filter { $0.lowercased() == lower }.min().map { "Write \($0): letter case counts." }
}
