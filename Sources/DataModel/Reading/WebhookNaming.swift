/// The names of a deployment's webhooks (webhooks.md «Declaring»).
///
/// Names that are written are taken first. Then each default name goes to the first webhook without a name
/// that it stands for, and then the others count on from it: `flight_update_2`, `flight_update_3`. A number
/// that is taken is passed over, so that no two webhooks have one name unless both were written.
struct WebhookNaming {
  struct Name {
    let text: String
    let naming: WebhookDeclaration.Naming
    /// The default name as it would be if names could hold everything; nil for one that is written.
    fileprivate let wanted: String?
    /// The line of the webhook that has the name already which this one was to have.
    fileprivate let twin: Int?
  }

  private struct Unnamed {
    let element: XMLElement
    let wanted: String
    /// `wanted` as a name.
    let base: String
  }

  private var names: [ObjectIdentifier: Name] = [:]
  private var lines: [String: Int] = [:]

  init(_ drafts: [ModelDraft]) {
    var unnamed: [Unnamed] = []
    var claims: [String: Int] = [:]
    for draft in drafts {
      for element in draft.webhooks {
        if let written = element["name"] {
          claims[written, default: 0] += 1
          take(written, as: .written, wanted: nil, for: element)
        } else {
          let wanted = Self.defaultName(of: element, model: draft.name)
          let base = Names.replacing(wanted)
          claims[base, default: 0] += 1
          unnamed.append(.init(element: element, wanted: wanted, base: base))
        }
      }
    }
    var rest: [Unnamed] = []
    for one in unnamed {
      if lines[one.base] == nil {
        let naming: WebhookDeclaration.Naming = claims[one.base] == 1 ? .byDefault : .byOrder
        take(one.base, as: naming, wanted: one.wanted, for: one.element)
      } else {
        rest.append(one)
      }
    }
    var numbers: [String: Int] = [:]
    for one in rest {
      var number = numbers[one.base] ?? 2
      while lines["\(one.base)_\(number)"] != nil { number += 1 }
      numbers[one.base] = number + 1
      take("\(one.base)_\(number)", as: .byOrder, wanted: one.wanted, for: one.element, twin: lines[one.base])
    }
  }

  private mutating func take(
    _ name: String, as naming: WebhookDeclaration.Naming, wanted: String?, for element: XMLElement,
    twin: Int? = nil
  ) {
    names[ObjectIdentifier(element)] = Name(text: name, naming: naming, wanted: wanted, twin: twin ?? lines[name])
    if lines[name] == nil { lines[name] = element.position.line }
  }

  /// The element is one of the drafts'.
  func name(of element: XMLElement) -> Name {
    names[ObjectIdentifier(element)] ?? Name(text: "", naming: .written, wanted: nil, twin: nil)
  }

  private static func defaultName(of element: XMLElement, model: String) -> String {
    let type = element["type"] ?? ""
    guard let receiver = element["receiver"], let action = element["action"] else { return "\(model)_\(type)" }
    return "\(receiver)_\(model)_\(type)_\(action)"
  }
}

extension WebhookNaming.Name {
  func report(of element: XMLElement, to findings: inout FindingList) {
    guard let wanted else {
      if !Names.isValid(text) {
        findings.add(
          .invalidName, at: element.position, "\(quoted(text)) is no name. A name is \(Names.rule).")
      }
      if let twin {
        findings.add(
          .duplicateName, at: element.position,
          "There is a webhook \(quoted(text)) already, in line \(twin). Give each its own with the attribute name."
        )
      }
      return
    }
    guard text != wanted else { return }
    let reason =
      twin.map { "is the name of the webhook in line \($0)" } ?? "is no name, which has letters, digits and _ alone"
    findings.add(
      .webhookName, at: element.position,
      "The default name \(quoted(wanted)) \(reason): this webhook is called \(quoted(text)). Give it one with the"
        + " attribute name" + (twin == nil ? "." : ": the number would change with the order of the webhooks."))
  }
}
