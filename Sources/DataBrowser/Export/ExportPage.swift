import Storage
import Web
import Wire

/// The form of an export: which fields, and in which form.
package struct ExportPage: Page {
  package var card: DeploymentCard
  package var links: ViewLinks
  package var label: String
  package var view: TableView
  package var conditions: [String]
  package var count: BoundedCount
  package var hasPasswords: Bool
  /// Whether they are in the file.
  package var isFull: Bool
  package var isSensitive: Bool

  package var title: String { "Export \(label)" }
  package var isNarrow: Bool { true }
  package var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb(label, links.table(view))] }

  package var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Export \(label)" } }
      Web.section(.class("card"), .aria("label", "What is exported")) {
        div(.class("inside stack")) {
          p { whole }
          if !conditions.isEmpty {
            ul(.class("chips")) { for text in conditions { li(.class("chip")) { span(.directionOfText) { text } } } }
          }
        }
      }
      if Export.isTooMany(count) { tooMany } else { form }
    }
  }

  private var whole: String {
    if conditions.isEmpty { return "\(count.text), which is all of them." }
    return "\(count.text)\(count.isStopped ? "," : "") that match:"
  }

  private var tooMany: HTML {
    div(.class("notice bad")) {
      strong { "That is more than one export takes" }
      p { Export.tooMany(count) }
      a(.href(links.filter(view))) { "Change the filter" }
    }
  }

  private var route: Route {
    let none = ExportView(.none)
    return isFull ? .fullExport(card.id, model: links.model, none) : .export(card.id, model: links.model, none)
  }

  private var form: HTML {
    let action = Route.export(card.id, model: links.model, ExportView(.none))
    return Web.form(.class("stack"), .method(.get), .action(action)) {
      HiddenPairs(links.pairs(view)).html
      if isFull { input(.type(.hidden), .name(ExportView.passwordsKey), .value(ExportView.passwordsWord)) }
      fieldset(.class("card choices")) {
        legend { "Fields" }
        choice(ExportView.fieldsKey, "all", "All fields of the model", nil, isFirst: true)
        choice(ExportView.fieldsKey, ExportView.viewWord, "The columns that the view shows", nil)
      }
      fieldset(.class("card choices")) {
        legend { "File" }
        for format in ExportView.Format.allCases {
          choice(ExportView.formatKey, format.rawValue, format.label, format.hint, isFirst: format == .spreadsheet)
        }
      }
      passwords
      if isSensitive { p(.class("hush small")) { "The model is sensitive: the export is entered into the audit." } }
      div(.class("actions")) { button(.type(.submit), .class("main")) { "Download" } }
    }
  }

  private func choice(_ name: String, _ value: String, _ label: String, _ hint: String?, isFirst: Bool = false) -> HTML
  {
    div(.class("field told")) {
      Web.label(.class("choice")) {
        input(.type(.radio), .name(name), .value(value), .checked(isFirst))
        label
      }
      if let hint { span(.class("hint")) { hint } }
    }
  }

  @HTMLBuilder
  private var passwords: HTML {
    if hasPasswords {
      let view = ExportView(ViewText(links.pairs(view)))
      if isFull {
        p {
          "With the values of password fields, which is entered into the audit. "
          a(.href(Route.export(card.id, model: links.model, view))) { "Leave them out" }
        }
      } else {
        p(.class("hush small")) {
          "Password fields are left out: imported again, such a file would clear them. "
          a(.href(Route.fullExport(card.id, model: links.model, view))) { "Export with password fields" }
        }
      }
    }
  }
}
