// `<webhook>` (webhooks.md «Declaring») and `<notify-user>`.

extension ModelResolution {
  mutating func webhook(from element: XMLElement, of model: ModelDraft) -> WebhookDeclaration? {
    findings.check(element, attributes: ["type", "name", "receiver", "action"])
    let conditions = conditions(in: element, of: model)
    let receiver = findings.word("receiver", of: element, as: WebhookDeclaration.Receiver.self)
    checkAction(of: element, receiver: receiver)
    guard findings.required("type", of: element, example: "update") != nil,
      let kind = findings.word("type", of: element, as: WebhookDeclaration.Kind.self)
    else { return nil }
    let name = webhookNames.name(of: element)
    name.report(of: element, to: &findings)
    return WebhookDeclaration(
      name: name.text, kind: kind, receiver: receiver, action: element["action"], conditions: conditions,
      naming: name.naming, line: element.position.line)
  }

  private mutating func checkAction(of element: XMLElement, receiver: WebhookDeclaration.Receiver?) {
    let action = element["action"]
    if let action { findings.label(action, of: element) }
    if action != nil, element["receiver"] == nil {
      findings.add(
        .webhookAction, at: element.position,
        "action needs a receiver beside it. Remove it, or add receiver=\"cloudcode\" or \"pdfmailer\".")
    }
    if let receiver, trimmed((action ?? "")[...]).isEmpty {
      findings.add(
        .webhookAction, at: element.position,
        "receiver=\"\(receiver.rawValue)\" needs the attribute action: what the receiver is to run.")
    }
  }

  private mutating func conditions(
    in element: XMLElement, of model: ModelDraft
  ) -> [WebhookDeclaration.Condition] {
    var conditions: [WebhookDeclaration.Condition] = []
    var names: Set<String> = []
    for child in element.children {
      guard child.name == "field" else {
        findings.unknown(child, in: element, known: ["field"])
        continue
      }
      guard conditions.count < DataModelLimits.members else {
        findings.add(
          .tooMany, at: child.position,
          "A webhook may name \(DataModelLimits.members) fields at most. Remove this one and those after it.")
        break
      }
      guard let condition = condition(from: child, of: model) else { continue }
      if names.insert(condition.name).inserted {
        conditions.append(condition)
      } else {
        findings.add(
          .duplicateName, at: child.position,
          "The webhook names \(quoted(condition.name)) already. Remove one of them.")
      }
    }
    return conditions
  }

  private mutating func condition(
    from element: XMLElement, of model: ModelDraft
  ) -> WebhookDeclaration.Condition? {
    findings.check(element, attributes: ["name", "required", "embed", "state"])
    findings.refuseChildren(of: element)
    let required = findings.flag("required", of: element) ?? true
    var embed = findings.flag("embed", of: element) ?? true
    var state = findings.word("state", of: element, as: WebhookDeclaration.Condition.State.self) ?? .present
    guard let name = findings.required("name", of: element, example: "status") else { return nil }
    if ["id", "updated_at"].contains(name) {
      findings.add(
        .ignoredWebhookField, at: element.position,
        "Every object has \(name), and every body carries it: naming it is ignored. Remove it.")
      return nil
    }
    var type: FieldType?
    switch model.members[name] {
    case .belongsTo?: break
    case .field(_, let known)?:
      type = known
      if embed, let written = element["embed"], !isBlank(written) {
        findings.ineffective("embed", of: element, because: "\(quoted(name)) is no belongs-to")
      }
      embed = false
    default:
      if !model.isIncomplete {
        findings.add(
          .webhookField, at: element.position,
          "The model \(quoted(model.name)) has no field and no belongs-to \(quoted(name)). Name one that it has."
        )
      }
      return nil
    }
    if state == .uploaded, type?.isAttachment != true {
      findings.ineffective("state", of: element, because: "\(quoted(name)) is no attachment")
      state = .present
    }
    return .init(name: name, required: required, embed: embed, state: state)
  }

  mutating func notification(from element: XMLElement, of model: ModelDraft) -> NotifyUser? {
    findings.check(
      element, attributes: ["message", "recipient-field", "received-field", "badge-count-field"])
    findings.refuseChildren(of: element)
    let message = findings.required("message", of: element, example: "You have a new flight: {number}")
    let format = format(message ?? "", at: element.position, of: model)
    let recipient = findings.required("recipient-field", of: element, example: "user")
    if let recipient {
      switch model.members[recipient] {
      case .belongsTo?: break
      case nil where model.isIncomplete: break
      default:
        findings.add(
          .notifyName, at: element.position,
          "recipient-field=\(quoted(recipient)) must name a belongs-to of the model: the one to the user.")
      }
    }
    for attribute in ["received-field", "badge-count-field"] {
      guard let name = element[attribute] else { continue }
      switch model.members[name] {
      case .field?: break
      case nil where model.isIncomplete: break
      default:
        findings.add(
          .notifyName, at: element.position,
          "\(attribute)=\(quoted(name)) must name a field of the model. Declare it, or remove the attribute.")
      }
    }
    return NotifyUser(
      message: format, recipient: recipient ?? "", receivedField: element["received-field"],
      badgeCountField: element["badge-count-field"])
  }
}
