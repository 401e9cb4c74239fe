/// `<option key="…">Label</option>` of choices and booleans.
enum OptionReading {
  /// `type` is nil where the field's could not be read: then nothing is known of its options.
  static func read(
    _ field: XMLElement, type: FieldType?, findings: inout FindingList
  ) -> [Option] {
    for child in field.children where child.name != "option" {
      findings.unknown(child, in: field, known: ["option"])
    }
    guard let type else { return [] }
    let elements = field.children.filter { $0.name == "option" }
    guard type.takesOptions else {
      // One finding tells of all.
      if let first = elements.first {
        findings.add(
          .unexpectedOption, at: first.position,
          "A field of type \(type.rawValue) takes no options: they are ignored. Remove them, or make the field a"
            + " choice.")
      }
      return []
    }
    var found = Found()
    for element in elements.prefix(DataModelLimits.options) {
      found.add(element, type: type, findings: &findings)
    }
    if elements.count > DataModelLimits.options {
      findings.add(
        .tooMany, at: elements[DataModelLimits.options].position,
        "A field may have \(DataModelLimits.options) options at most. Remove this one and those after it.")
    } else if !found.hasProblem {
      check(found.options, of: elements.count, in: field, type: type, findings: &findings)
    }
    return found.options
  }

  /// The options so far, and what later ones depend on.
  private struct Found {
    var options: [Option] = []
    /// The line of each key.
    var lines: [OptionKey: Int] = [:]
    /// The largest key that is a number.
    var largest: Int32?
    /// Whether one of them could not be read.
    var hasProblem = false

    mutating func add(_ element: XMLElement, type: FieldType, findings: inout FindingList) {
      findings.check(element, attributes: ["key"], takesText: true)
      findings.refuseChildren(of: element)
      guard let key = OptionReading.key(of: element, type: type, largest: largest, findings: &findings) else {
        hasProblem = true
        return
      }
      if case .integer(let number) = key { largest = max(largest ?? number, number) }
      if let line = lines[key] {
        hasProblem = true
        findings.add(
          .duplicateOptionKey, at: element.position,
          "The key \(quoted(key.description)) is taken, in line \(line). Give each option its own.")
        return
      }
      lines[key] = element.position.line
      options.append(Option(key: key, label: OptionReading.label(of: element, key: key, findings: &findings)))
    }
  }

  /// Whether there are as many as the type takes. `count` is how many are written.
  private static func check(
    _ options: [Option], of count: Int, in field: XMLElement, type: FieldType, findings: inout FindingList
  ) {
    if count == 0, type.isChoice {
      findings.add(
        .emptyOptions, at: field.position,
        "The field has no options: no key can be written to it. A field of type \(type.rawValue) takes some, like"
          + " <option key=\"\(type.hasIntegerKeys ? "0" : "late")\">Late</option>.")
    }
    if type == .boolean, count != 0, options.count != 2 {
      findings.add(
        .booleanOptions, at: field.position,
        "A boolean has no options, or exactly two: with the keys true and false.")
    }
  }

  fileprivate static func key(
    of option: XMLElement, type: FieldType, largest: Int32?, findings: inout FindingList
  ) -> OptionKey? {
    guard let written = option["key"] else {
      if type.hasIntegerKeys, largest != Int32.max { return .integer(largest.map { $0 + 1 } ?? 0) }
      findings.add(
        .missingOptionKey, at: option.position,
        type.hasIntegerKeys
          ? "The largest key so far is the largest possible, so this option needs a key of its own."
          : "An option of a \(type.rawValue) field needs a key, like <option key=\"late\">Late</option>.")
      return nil
    }
    if type.hasIntegerKeys {
      if let number = Int32(written) { return .integer(number) }
      findings.add(
        .invalidOptionKey, at: option.position,
        "The key \(quoted(written)) is no integer from \(Int32.min) to \(Int32.max).")
      return nil
    }
    if type == .boolean {
      if written == "true" || written == "false" { return .boolean(written == "true") }
      findings.add(
        .invalidOptionKey, at: option.position,
        "The key \(quoted(written)) is not possible on a boolean: its keys are true and false.")
      return nil
    }
    guard !written.isEmpty, written.unicodeScalars.count <= DataModelLimits.keyLength else {
      findings.add(
        .invalidOptionKey, at: option.position,
        "The key \(quoted(written)) must have 1 to \(DataModelLimits.keyLength) characters.")
      return nil
    }
    return .text(written)
  }

  fileprivate static func label(
    of option: XMLElement, key: OptionKey, findings: inout FindingList
  ) -> String {
    let label = option.text
    findings.label(label, of: option)
    guard label.isEmpty else { return label }
    findings.add(
      .missingOptionLabel, at: option.position,
      "The option has no label, people will see its key \(quoted(key.description)). Write the label inside"
        + " <option>.")
    return key.description
  }
}
