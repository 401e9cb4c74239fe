/// First pass: each `<model>` by itself.
enum ModelReading {
  private static let children = [
    "field", "belongs-to", "has-many", "display", "index", "notify-user", "webhook",
  ]

  /// nil when the document is no data model of this dialect, which has then been reported.
  static func drafts(in root: XMLElement, findings: inout FindingList) -> [ModelDraft]? {
    if root.name == "schema" {
      findings.add(
        .olderDialect, at: root.position,
        "This is the older dialect with <schema>. Rename <schema> to <data-model>, <object> to <model> and"
          + " <attribute> to <field>.")
      return nil
    }
    guard root.name == "data-model" else {
      findings.add(
        .wrongRoot, at: root.position, "The root element is \(root.tag). It must be <data-model>.")
      return nil
    }
    findings.check(root, attributes: [])
    var drafts: [ModelDraft] = []
    var lines: [String: Int] = [:]
    var hasObjects = false
    for child in root.children {
      switch child.name {
      case "model":
        guard drafts.count < DataModelLimits.models else {
          findings.add(
            .tooMany, at: child.position,
            "There are more than \(DataModelLimits.models) models. Remove this one and those after it.")
          return drafts
        }
        let draft = draft(from: child, findings: &findings)
        if let line = lines[draft.name] {
          findings.add(
            .duplicateName, at: child.position,
            "There is a model \(quoted(draft.name)) already, in line \(line). Give one of them another name.")
        } else if !draft.name.isEmpty {
          lines[draft.name] = child.position.line
        }
        drafts.append(draft)
      case "object":
        hasObjects = true
        findings.add(
          .olderDialect, at: child.position,
          "This is the older dialect with <object>. Rename <object> to <model> and <attribute> to <field>.")
      default: findings.unknown(child, in: root, known: ["model"])
      }
    }
    if drafts.isEmpty, !hasObjects {
      findings.add(.noModels, at: root.position, "There is no model. Declare at least one <model>.")
    }
    return drafts
  }

  private static func draft(from element: XMLElement, findings: inout FindingList) -> ModelDraft {
    findings.check(element, attributes: ["name", "label", "classification"])
    let name = findings.required("name", of: element, example: "flight")
    if let name {
      findings.checkName(name, of: element)
      if Names.reservedForModels.contains(name) {
        findings.add(
          .reservedName, at: element.position,
          "No model may be named \(quoted(name)). Choose a name other than: "
            + "\(list(Names.reservedForModels.sorted())).")
      } else if Names.wordsOfScripts.contains(name) {
        findings.add(
          .reservedWord, at: element.position,
          "\(quoted(name)) is a word of JavaScript or TypeScript: apps may stumble over a model of this name."
            + " Choose another if you can.")
      }
    }
    let label = findings.label(of: element, name: name, example: "Flight")
    var draft = ModelDraft(
      element: element, name: name ?? "", label: label,
      classification: findings.word("classification", of: element))
    readChildren(of: element, into: &draft, findings: &findings)
    MemberRules.check(draft, findings: &findings)
    return draft
  }

  private static func readChildren(
    of element: XMLElement, into draft: inout ModelDraft, findings: inout FindingList
  ) {
    var reached = 0
    var members = 0
    for child in element.children {
      guard let rank = rank(of: child.name) else {
        findings.unknown(child, in: element, known: children)
        continue
      }
      if rank < reached {
        findings.add(
          .wrongOrder, at: child.position,
          "\(child.tag) stands too late. The order is: all <field>; then <belongs-to> and <has-many>; then"
            + " <display>, <index>, <notify-user> and <webhook>. Move it up.")
      }
      reached = max(reached, rank)
      if rank < 2 {
        members += 1
        guard members <= DataModelLimits.members else {
          if members == DataModelLimits.members + 1 {
            findings.add(
              .tooMany, at: child.position,
              "The model has more than \(DataModelLimits.members) fields and relationships. Remove this one"
                + " and those after it, or divide the model.")
          }
          draft.isIncomplete = true
          continue
        }
      }
      read(child, into: &draft, findings: &findings)
    }
    if draft.display == nil {
      findings.add(
        .missingDisplay, at: element.position,
        "The model has no <display>. Add one that says what people see of an object, like"
          + " <display>{\(draft.fields.first?.name ?? "name")}</display>.")
    }
  }

  /// The three groups of children, in their order.
  private static func rank(of name: String) -> Int? {
    switch name {
    case "field": 0
    case "belongs-to", "has-many": 1
    case "display", "index", "notify-user", "webhook": 2
    default: nil
    }
  }

  private static func read(
    _ child: XMLElement, into draft: inout ModelDraft, findings: inout FindingList
  ) {
    switch child.name {
    case "field": FieldReading.read(child, into: &draft, findings: &findings)
    case "belongs-to": RelationshipReading.readBelongsTo(child, into: &draft, findings: &findings)
    case "has-many": RelationshipReading.readHasMany(child, into: &draft, findings: &findings)
    case "display":
      if let first = draft.display {
        findings.add(
          .secondDisplay, at: child.position,
          "The model has a <display> already, in line \(first.position.line): this one is ignored. Remove it."
        )
      } else {
        draft.display = child
      }
    case "index":
      keep(child, in: &draft.indexes, atMost: DataModelLimits.indexes, findings: &findings)
    case "notify-user":
      keep(child, in: &draft.notifications, atMost: DataModelLimits.notifications, findings: &findings)
    default:
      keep(child, in: &draft.webhooks, atMost: DataModelLimits.webhooks, findings: &findings)
    }
  }

  private static func keep(
    _ child: XMLElement, in kept: inout [XMLElement], atMost limit: Int, findings: inout FindingList
  ) {
    guard kept.count < limit else {
      return findings.add(
        .tooMany, at: child.position, "A model may have \(limit) \(child.tag) at most. Remove this one.")
    }
    kept.append(child)
  }
}

/// `<belongs-to>` and `<has-many>`, as far as their own attributes tell.
enum RelationshipReading {
  static func readBelongsTo(
    _ element: XMLElement, into draft: inout ModelDraft, findings: inout FindingList
  ) {
    findings.check(element, attributes: ["model", "name"])
    findings.refuseChildren(of: element)
    let model = findings.required("model", of: element, example: "airline")
    // The default is a model's name: should that be none, the missing model is the finding.
    if let name = element["name"] { findings.checkName(name, of: element) }
    guard let name = element["name"] ?? model else {
      draft.isIncomplete = true
      return
    }
    if draft.members[name] == nil {
      draft.members[name] = .belongsTo(position: draft.belongsTo.count, model: model)
      if let model { draft.belongsToByModel[model, default: []].append(name) }
    }
    draft.belongsTo.append(.init(element: element, name: name, model: model))
  }

  static func readHasMany(
    _ element: XMLElement, into draft: inout ModelDraft, findings: inout FindingList
  ) {
    findings.check(element, attributes: ["model", "name", "inverse-of"])
    findings.refuseChildren(of: element)
    let model = findings.required("model", of: element, example: "flight")
    let name = findings.required("name", of: element, example: "flights")
    guard let name else { return }
    findings.checkName(name, of: element)
    if draft.members[name] == nil { draft.members[name] = .hasMany }
    draft.hasMany.append(
      .init(element: element, name: name, model: model, inverseOf: element["inverse-of"]))
  }
}
