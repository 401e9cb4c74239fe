import DataModel
import Storage
import Web
import Wire

/// A data model to be checked, and what is found in it and what deploying it would change.
struct ModelCheckPage: Page {
  struct Checked: Sendable {
    var document: DocumentLines
    var findings: [Finding]
    /// Nil where it cannot be deployed.
    var outlook: DeployOutlook?
  }

  var card: DeploymentCard
  /// What stands in the form.
  var text: String
  var checked: Checked?
  /// What is wrong with the whole of it.
  var fault: String?
  var mayDeploy: Bool
  var ticket: String

  static let document = "document"
  /// In its place.
  static let file = "file"
  static let fileFault = "file-fault"
  /// Of a document.
  static let mostBytes = 1 << 20

  var title: String { isGood ? "Check a data model" : "Error: check a data model" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Data model", .dataModel(card.id))] }
  private var errors: [Finding] { (checked?.findings ?? []).filter { $0.severity == .error } }
  private var warnings: [Finding] { (checked?.findings ?? []).filter { $0.severity == .warning } }
  private var isGood: Bool { fault == nil && errors.isEmpty }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Check a data model" } }
      if !isGood { faults }
      if let checked, isGood { good(checked) }
      entry
      if let checked, !checked.findings.isEmpty {
        Web.section(.class("card")) {
          h2 { "Findings at their lines" }
          checked.document.html
          if let next = checked.document.next {
            p { "Lines from \(next) on are not shown; the list above names what is found in them." }
          }
        }
      }
    }
  }

  private var faults: HTML {
    div(.class("notice bad"), .role("alert"), .id("faults"), .tabIndex(-1), .autofocus()) {
      strong { "It cannot be deployed" }
      if let fault { p { fault } }
      list(errors)
    }
  }

  @HTMLBuilder
  private func list(_ findings: [Finding]) -> HTML {
    if !findings.isEmpty {
      ul {
        for finding in findings {
          li {
            if isShown(finding.line) {
              a(.href(LocalAddress(fragment: "line-\(finding.line)"))) { "Line \(finding.line)" }
            } else {
              "Line \(finding.line)"
            }
            ", column \(finding.column): \(finding.message) "
            code { finding.code.rawValue }
          }
        }
      }
    }
  }

  private func isShown(_ line: Int) -> Bool {
    checked.map { line < $0.document.first + $0.document.markup.lines.count } ?? false
  }

  @HTMLBuilder
  private func good(_ checked: Checked) -> HTML {
    div(.class(warnings.isEmpty ? "notice good" : "notice warn"), .role("status")) {
      strong { "It can be deployed" + (warnings.isEmpty ? "" : ", with \(CountText.of(warnings.count, "warning"))") }
      list(warnings)
      if mayDeploy {
        p { a(.class("button"), .href(Route.modelDeploy(card.id))) { "Deploy it…" } }
      } else {
        p { "An administrator of the deployment can deploy it." }
      }
    }
    if let outlook = checked.outlook { OutlookHTML(card: card, outlook: outlook).html }
  }

  private var entry: HTML {
    Web.section(.class("card")) {
      h2 { "Document" }
      form(.class("stack"), .method(.post), .action(Route.modelCheck(card.id)), .encoding("multipart/form-data")) {
        input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
        div(.class("field")) {
          label(.for("document")) { "The XML of a data model" }
          div(.class("numbered")) {
            textarea(
              .id("document"), .name(Self.document), .class("document"), .rows(24), .spellcheck(false),
              .autocomplete("off"), .aria("describedby", "document-hint"), .when(!isGood, .aria("invalid", "true")),
              text: text)
          }
          span(.class("hint"), .id("document-hint")) {
            "Up to 1 MiB; a larger one is checked and deployed by "
            code { "sojourn data-model" }
            ". Checking changes nothing. What can be deployed is kept for this session, for an hour."
          }
        }
        div(.class("field")) {
          label(.for("file")) { "or a file in its place (optional)" }
          input(.id("file"), .name(Self.file), .type(.file), .aria("describedby", "file-hint"))
          span(.class("hint"), .id("file-hint")) { "UTF-8, up to 1 MiB. What it holds then stands above." }
        }
        div(.class("actions")) { button(.type(.submit), .class("main")) { "Check" } }
      }
    }
  }
}
