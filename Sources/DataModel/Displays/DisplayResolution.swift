/// Looks up every name in a display (data-model.md «Display formats»).
struct DisplayResolution {
  private let model: ModelDraft
  private let drafts: [String: ModelDraft]
  private let position: TextPosition
  private var parts: [DisplayFormat.Part] = []

  /// Reports what cannot be resolved and leaves it out.
  static func format(
    _ text: String, of model: ModelDraft, in drafts: [String: ModelDraft], at position: TextPosition,
    findings: inout FindingList
  ) -> DisplayFormat {
    guard text.utf8.count <= DataModelLimits.displayLength else {
      findings.add(
        .tooLong, at: position,
        "The text \(quoted(text)) is longer than \(DataModelLimits.displayLength) bytes. Shorten it.")
      return DisplayFormat(text: "", parts: [])
    }
    var resolution = DisplayResolution(model: model, drafts: drafts, position: position)
    var count = 0
    for part in DisplayText.parts(of: text) {
      switch part {
      case .literal(let literal): resolution.append(literal)
      case .placeholder(let content):
        count += 1
        guard count <= DataModelLimits.displayParts else {
          findings.add(
            .tooMany, at: position,
            "There are more than \(DataModelLimits.displayParts) parts in braces. Use fewer.")
          return DisplayFormat(text: "", parts: [])
        }
        resolution.append(placeholder: content, findings: &findings)
      }
    }
    return DisplayFormat(text: text, parts: resolution.parts)
  }

  private init(model: ModelDraft, drafts: [String: ModelDraft], position: TextPosition) {
    self.model = model
    self.drafts = drafts
    self.position = position
  }

  private mutating func append(_ literal: String) {
    if case .literal(let before) = parts.last {
      parts[parts.count - 1] = .literal(before + literal)
    } else {
      parts.append(.literal(literal))
    }
  }

  private mutating func append(placeholder content: String, findings: inout FindingList) {
    let whole = quoted("{\(content)}")
    let inside = trimmed(content[...])
    if inside.hasPrefix("$:") {
      findings.add(
        .displayFunction, at: position,
        "Functions are not computed by the server: \(whole) stays as text. Use fields instead.")
      return append("{\(content)}")
    }
    if inside.hasPrefix("?") {
      return findings.add(
        .displayCondition, at: position, "Conditions like \(whole) are not possible. Write the field alone.")
    }
    let halves = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let path = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(trimmed)
    guard let value = value(of: path, whole: whole, findings: &findings) else { return }
    guard halves.count == 2 else { return parts.append(.value(value)) }
    if let formatted = apply(trimmed(halves[1]), to: value, whole: whole, findings: &findings) {
      parts.append(.value(formatted))
    }
  }

  private func value(
    of path: [String], whole: String, findings: inout FindingList
  ) -> DisplayFormat.Value? {
    var steps: [DisplayFormat.Step] = []
    var current = model
    for (index, name) in path.enumerated() {
      switch current.members[name] {
      case .belongsTo(let position, let target)?:
        // A model that is not there has its finding where the relationship is declared.
        guard let target, let next = drafts[target] else { return nil }
        guard steps.count < DataModelLimits.displaySteps else {
          findings.add(
            .tooMany, at: self.position,
            "\(whole) goes over more than \(DataModelLimits.displaySteps) relationships. Shorten the way.")
          return nil
        }
        // The id stands in the object itself: nothing has to be fetched for it.
        if path[(index + 1)...] == ["id"] {
          return .init(path: steps, model: current.name, content: .relationship(name))
        }
        steps.append(.init(relationship: name, position: position, model: target))
        current = next
      case .field(let position, let type)?:
        guard let type else { return nil }
        return field(
          .init(name: name, position: position, type: type), rest: path[(index + 1)...],
          at: (steps, current.name), whole: whole, findings: &findings)
      case .hasMany?:
        findings.add(
          .displayName, at: position,
          "\(whole) uses the has-many \(quoted(name)), which has no single value. Use fields and belongs-to.")
        return nil
      case nil:
        if let content = id(name, of: current) {
          guard index == path.count - 1 else {
            findings.add(
              .displayName, at: self.position,
              "\(whole) has no meaning after \(quoted(name)), which is an id: nothing can follow it.")
            return nil
          }
          return .init(path: steps, model: current.name, content: content)
        }
        if !current.isIncomplete { unknown(name, in: current, whole: whole, findings: &findings) }
        return nil
      }
    }
    return DisplayFormat.Value(path: steps, model: current.name, content: .display)
  }

  /// What objects carry beside their members: `id`, and `{name}_id` of a belongs-to or an attachment.
  private func id(_ name: String, of model: ModelDraft) -> DisplayFormat.Content? {
    if name == "id" { return .id }
    guard name.hasSuffix("_id") else { return nil }
    let owner = String(name.dropLast(3))
    switch model.members[owner] {
    case .belongsTo?: return .relationship(owner)
    case .field(let position, let type?)? where type.isAttachment:
      return .field(.init(name: owner, position: position, type: type))
    default: return nil
    }
  }

  private func field(
    _ field: DisplayFormat.FieldContent, rest: ArraySlice<String>,
    at end: (path: [DisplayFormat.Step], model: String), whole: String, findings: inout FindingList
  ) -> DisplayFormat.Value? {
    guard let part = rest.first else {
      return .init(path: end.path, model: end.model, content: .field(field))
    }
    if field.type == .location, rest.count == 1, let part = LocationPart(rawValue: part) {
      let content = DisplayFormat.FieldContent(
        name: field.name, position: field.position, type: field.type, locationPart: part)
      return .init(path: end.path, model: end.model, content: .field(content))
    }
    let advice =
      field.type == .location
      ? "A location has: \(list(LocationPart.allCases.map(\.rawValue)))."
      : "\(quoted(field.name)) is a field of type \(field.type.rawValue): nothing can follow it."
    findings.add(.displayName, at: position, "\(whole) has no meaning after \(quoted(field.name)). \(advice)")
    return nil
  }

  private func unknown(
    _ name: String, in model: ModelDraft, whole: String, findings: inout FindingList
  ) {
    findings.add(
      .displayName, at: position,
      "\(whole) cannot be shown: the model \(quoted(model.name)) has nothing named \(quoted(name)). "
        + Self.advice(instead: name, in: model))
  }

  private static func advice(instead name: String, in model: ModelDraft) -> String {
    return similar(to: name, in: model.members.keys) ?? "Name a field or belongs-to of it."
  }

  /// The `.2f` of `{f:.2f}`.
  private func apply(
    _ format: String, to value: DisplayFormat.Value, whole: String, findings: inout FindingList
  ) -> DisplayFormat.Value? {
    let digits = format.utf8.dropFirst().dropLast()
    guard format.hasPrefix("."), format.hasSuffix("f"), (1...2).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let decimals = Int(String(decoding: Array(digits), as: UTF8.self)), decimals <= DataModelLimits.decimals
    else {
      findings.add(
        .displayFormat, at: position,
        "The format of \(whole) is not known. There is one: :.2f, with 0 to \(DataModelLimits.decimals)"
          + " decimals.")
      return nil
    }
    guard case .field(let field) = value.content,
      field.type == .number || field.type == .integer || field.locationPart?.isNumber == true
    else {
      findings.add(
        .displayFormat, at: position,
        "\(whole) formats something that is no number. Leave out \(quoted(":" + format)).")
      return nil
    }
    let content = DisplayFormat.FieldContent(
      name: field.name, position: field.position, type: field.type, decimals: decimals,
      locationPart: field.locationPart)
    return .init(path: value.path, model: value.model, content: .field(content))
  }

}

/// The text without blanks, tabs and line breaks at its ends.
func trimmed(_ text: Substring) -> String {
  let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
  var rest = text.drop(while: isBlank)
  while let last = rest.last, isBlank(last) { rest.removeLast() }
  return String(rest)
}
