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
