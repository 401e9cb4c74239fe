/// The rules that the names of one model's fields and relationships keep among each other.
struct MemberRules {
  private var lines: [String: Int] = [:]
  private var fieldsInLowerCase: [String: String] = [:]
  /// `{name}_id` as objects carry it → whose it is.
  private var idNames: [String: String] = [:]

  static func check(_ draft: ModelDraft, findings: inout FindingList) {
    var rules = MemberRules()
    for field in draft.fields {
      if field.type?.isAttachment == true { rules.idNames[field.name + "_id"] = "attachment" }
    }
    for relationship in draft.belongsTo { rules.idNames[relationship.name + "_id"] = "relationship" }
    for field in draft.fields {
      rules.check(field.name, of: field.element, isField: true, findings: &findings)
    }
    // In the order of the document, so that of two of one name the later is the one reported.
    let relationships = (draft.belongsTo + draft.hasMany).sorted {
      ($0.element.position.line, $0.element.position.column)
        < ($1.element.position.line, $1.element.position.column)
    }
    for relationship in relationships {
      rules.check(relationship.name, of: relationship.element, isField: false, findings: &findings)
    }
  }

  private mutating func check(
    _ name: String, of element: XMLElement, isField: Bool, findings: inout FindingList
  ) {
    let twin = isField ? nil : fieldsInLowerCase[name.lowercased()]
    if let line = lines[name] ?? twin.flatMap({ lines[$0] }) {
      let other = quoted(twin ?? name)
      findings.add(
        .duplicateName, at: element.position,
        "The name \(quoted(name)) is taken by \(other) in line \(line). Give one of them another name"
          + (lines[name] == nil ? "; letter case alone does not tell a field from a relationship." : "."))
    } else {
      lines[name] = element.position.line
    }
    if isField { fieldsInLowerCase[name.lowercased()] = name }
    if Names.reservedForMembers.contains(name) {
      findings.add(
        .reservedName, at: element.position,
        "No field or relationship may be named \(quoted(name)): objects have that of their own. Choose another"
          + (isField || element["name"] != nil ? "." : " with the attribute name."))
    } else if let owner = idNames[name] {
      findings.add(
        .idCollision, at: element.position,
        "Objects already carry \(quoted(name)), the id of the \(owner) \(quoted(String(name.dropLast(3))))."
          + " Give one of them another name.")
    } else if isField, name.hasSuffix("_id") {
      findings.add(
        .idSuffix, at: element.position,
        "\(quoted(name)) looks like the id of a related object or attachment, and would collide with one named"
          + " \(quoted(String(name.dropLast(3)))). Choose another name if you can.")
    }
  }
}
