import DataModel
import Deployments
import Storage
import Web
import Wire

/// What a deploy would change, in words.
struct OutlookHTML {
  var card: DeploymentCard
  var outlook: DeployOutlook

  @HTMLBuilder
  var html: HTML {
    Web.section(.class("card")) {
      h2 { outlook.isNothing ? "It means the same as what is in force" : "What it would change" }
      changes
    }
    for values in outlook.retyped { retyped(values) }
    if !outlook.buildings.isEmpty { indexes }
    p(.class("hush small")) {
      "Writes would wait for the deploy itself for \(Self.time(outlook.seconds)); reads would not wait. Nothing is lost "
        + "by a deploy: what is no longer declared is kept, hidden, until it is declared again."
    }
  }

  @HTMLBuilder
  private var changes: HTML {
    ChangeList(changes: outlook.changes, untold: outlook.untold).html
  }

  // MARK: Values under another type.

  private func retyped(_ values: RetypedValues) -> HTML {
    let name = "\(values.model).\(values.field)"
    return Web.section(.class("card")) {
      h2 { "\(name): \(values.from.rawValue) to \(values.to.rawValue)" }
      div(.class("inside stack")) {
        p { sentence(values) }
        if values.hasEarlierTypes {
          p(.class("hush")) {
            "The field has had other types before: values that were written under them may come back."
          }
        }
        if !values.samples.isEmpty {
          details {
            summary {
              values.samples.count < values.unreadable
                ? "Some that would read as null" : "Those that would read as null"
            }
            samples(values, of: name)
          }
        }
      }
    }
  }

  private func samples(_ values: RetypedValues, of name: String) -> HTML {
    div(.class("region free"), .role("region"), .aria("label", "Values of \(name)"), .tabIndex(0)) {
      Web.table {
        caption(.class("away")) { "Values of \(name) that would read as null" }
        thead { tr { for head in ["Object", "Value"] { th(.scope("col")) { head } } } }
        tbody { for sample in values.samples { row(sample, of: values.model) } }
      }
    }
  }

  private func row(_ sample: RetypedValues.Sample, of model: String) -> HTML {
    tr {
      th(.scope("row")) { link(sample.id.description, to: .object(card.id, model: model, sample.id)) }
      td { if sample.text.isEmpty { ValueHTML.blank("empty text") } else { span(.directionOfText) { sample.text } } }
    }
  }

  private func sentence(_ values: RetypedValues) -> String {
    if !values.isWhole {
      return "There was time for a part of the values alone: at least \(Grouped.text(values.converting, "value")) "
        + "would be converted, and at least \(Grouped.text(values.unreadable)) would read as null."
    }
    if values.converting + values.unreadable == 0 { return "The field has no values." }
    let unreadable =
      values.unreadable == 0
      ? "none would read as null"
      : "\(Grouped.text(values.unreadable)) would read as null, and be there again when the type is changed back"
    return "\(Grouped.text(values.converting, "value")) would be converted; \(unreadable)."
  }

  // MARK: Indexes.

  private var indexes: HTML {
    Web.section(.class("card")) {
      h2 { "Indexes to build" }
      div(.class("inside stack")) {
        p { "They are built after the deploy, one at a time. Writes wait for each, reads do not." }
        div(.class("region free"), .role("region"), .aria("label", "Indexes to build"), .tabIndex(0)) {
          Web.table {
            caption(.class("away")) { "Indexes that would be built" }
            thead {
              tr {
                for head in ["Model", "Index"] { th(.scope("col")) { head } }
                for head in ["Objects", "Writes wait"] { th(.scope("col"), .class("number")) { head } }
              }
            }
            tbody { for building in outlook.buildings { row(building) } }
          }
        }
      }
    }
  }

  private func row(_ building: IndexBuilding) -> HTML {
    tr {
      th(.scope("row")) { building.model }
      td { code { building.name } }
      td(.class("number")) { Grouped.text(building.objects) }
      td(.class("number")) { Self.time(building.secondsHoldingUp) }
    }
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 0.1 ? "less than 0.1 s" : "about \(ECMAScriptNumber.text(of: (seconds * 10).rounded() / 10)) s"
  }
}

/// Changes by meaning: first what hides values or reads them otherwise, last what concerns webhooks.
struct ChangeList {
  var changes: [DataModelChange]
  var untold: Int

  @HTMLBuilder
  var html: HTML {
    let stored = changes.filter(\.touchesStoredValues)
    let webhooks = changes.filter(\.kind.isAboutWebhooks)
    let others = changes.filter { !$0.touchesStoredValues && !$0.kind.isAboutWebhooks }
    if changes.isEmpty, untold == 0 { div(.class("empty")) { p { "Nothing changes in meaning." } } }
    list("Stored values are hidden, or read otherwise", stored, mark: true)
    list("Added, removed, or shown otherwise", others)
    list("Webhooks", webhooks)
    if untold > 0 {
      p { "\(CountText.of(untold, "change")) of models that are not open to you." }
    }
  }

  @HTMLBuilder
  private func list(_ name: String, _ changes: [DataModelChange], mark: Bool = false) -> HTML {
    if !changes.isEmpty {
      div(.class("inside stack")) {
        h3 {
          name
          " "
          if mark { span(.class("tag warn")) { Grouped.text(changes.count) } }
        }
        ul { for change in changes.prefix(DeployOutlook.mostChanges) { li { change.sentence } } }
        if changes.count > DeployOutlook.mostChanges {
          p { "And \(Grouped.text(changes.count - DeployOutlook.mostChanges)) more." }
        }
      }
    }
  }
}
