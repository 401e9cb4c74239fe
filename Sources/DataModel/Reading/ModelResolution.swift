/// Second pass: what refers to other models and members is looked up, and the models are made.
///
/// The models are only good when no error was found on the way.
struct ModelResolution {
  let drafts: [String: ModelDraft]
  var findings: FindingList
  /// Belongs-to that have their has-many: model and name → the line of the has-many.
  var inverses: [[String]: Int] = [:]
  let webhookNames: WebhookNaming

  static func models(from drafts: [ModelDraft], findings: inout FindingList) -> [Model] {
    var resolution = ModelResolution(
      drafts: Dictionary(drafts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      findings: findings, webhookNames: WebhookNaming(drafts))
    let models = drafts.map { resolution.model(from: $0) }
    findings = resolution.findings
    return models
  }

  private mutating func model(from draft: ModelDraft) -> Model {
    let belongsTo = draft.belongsTo.map { relationship in
      if let model = relationship.model { checkModel(model, for: relationship.element) }
      return BelongsTo(name: relationship.name, model: relationship.model ?? "")
    }
    let hasMany = draft.hasMany.compactMap { self.hasMany(from: $0, of: draft) }
    let display = draft.display.map { self.display(from: $0, of: draft) }
    let fields = draft.fields.map {
      Field(
        name: $0.name, label: $0.label, type: $0.type ?? .text, subtype: $0.subtype, options: $0.options,
        media: $0.media, autoDownload: $0.autoDownload)
    }
    return Model(
      name: draft.name, label: draft.label, classification: draft.classification,
      members: ModelMembers(fields: fields, belongsTo: belongsTo, hasMany: hasMany),
      display: display ?? DisplayFormat(text: "", parts: []),
      indexes: indexes(of: draft),
      notifyUsers: draft.notifications.compactMap { notification(from: $0, of: draft) },
      webhooks: draft.webhooks.compactMap { webhook(from: $0, of: draft) })
  }

  /// True when the model exists.
  @discardableResult
  private mutating func checkModel(_ name: String, for element: XMLElement) -> Bool {
    if drafts[name] != nil { return true }
    findings.add(
      .unknownModel, at: element.position,
      "There is no model \(quoted(name)). "
        + (similar(to: name, in: drafts.keys) ?? "Declare it, or name another."))
    return false
  }

  private mutating func hasMany(
    from draft: ModelDraft.Relationship, of model: ModelDraft
  ) -> HasMany? {
    guard let other = draft.model, checkModel(other, for: draft.element), let target = drafts[other] else {
      return nil
    }
    let candidates = target.belongsToByModel[model.name] ?? []
    let position = draft.element.position
    guard let inverse = draft.inverseOf ?? candidates.first, target.hasBelongsTo(inverse, towards: model.name)
    else {
      // The belongs-to meant may be one that could not be read.
      if target.isIncomplete { return nil }
      let choice =
        candidates.isEmpty
        ? "Declare <belongs-to model=\"\(model.name)\"/> there."
        : "It has: \(list(candidates))."
      findings.add(
        .noInverse, at: position,
        draft.inverseOf.map {
          "inverse-of=\(quoted($0)) names no belongs-to of \(other) towards \(model.name). \(choice)"
        } ?? "The model \(other) has no belongs-to towards \(model.name). \(choice)")
      return nil
    }
    if draft.inverseOf == nil, candidates.count > 1 {
      findings.add(
        .ambiguousInverse, at: position,
        "The model \(other) has several belongs-to towards \(model.name). Choose one with inverse-of:"
          + " \(list(candidates)).")
      return nil
    }
    if let line = inverses[[other, inverse]] {
      findings.add(
        .inverseTaken, at: position,
        "The has-many in line \(line) is the reverse of \(inverse) of \(other) already. Remove one of them,"
          + " or choose another with inverse-of.")
      return nil
    }
    inverses[[other, inverse]] = position.line
    return HasMany(name: draft.name, model: other, inverseOf: inverse)
  }

  private mutating func display(from element: XMLElement, of model: ModelDraft) -> DisplayFormat {
    findings.check(element, attributes: ["format"], takesText: true)
    findings.refuseChildren(of: element)
    let text = displayText(of: element)
    if text.isEmpty {
      findings.add(
        .emptyDisplay, at: element.position,
        "The display is empty: every object of \(model.name) will show as nothing. Name a field in it.")
    }
    return format(text, at: element.position, of: model)
  }

  /// Its text, or what an older way of writing has as an attribute.
  private mutating func displayText(of element: XMLElement) -> String {
    let text = element.text
    guard let format = element["format"] else { return text }
    findings.add(
      .displayAttribute, at: element.position,
      text.isEmpty
        ? "The attribute format is read as the text. Write <display>\(quoted(format).dropFirst().dropLast())</display>."
        : "The display has a text: the attribute format is ignored. Remove it.")
    return text.isEmpty ? XMLElement.withoutLayout(format.utf8) : text
  }

  /// A text with `{…}`, its names resolved on a model.
  mutating func format(_ text: String, at position: TextPosition, of model: ModelDraft) -> DisplayFormat {
    DisplayResolution.format(text, of: model, in: drafts, at: position, findings: &findings)
  }
}
