import DataModel
import Storage
import Web
import Wire

/// The last look before a data model is made current.
struct ModelDeployPage: Page {
  /// Where the document comes from: the form carries it, or names the deploy that has it.
  enum Source: Sendable, Equatable {
    case document(String)
    case version(Int)
  }

  var card: DeploymentCard
  var source: Source
  /// The version that is in force.
  var over: Int
  /// Nil where it cannot be deployed.
  var outlook: DeployOutlook?
  var form: Form
  /// The deploy that came between; nil where none did.
  var conflict: DeployRecord?
  /// What is wrong with the whole.
  var fault: String?
  var ticket: String

  static let note = "note"
  static let document = "document"
  static let version = "version"
  static let overVersion = "on"

  static func form(note: String = "") -> Form {
    Form(
      [
        FormField(
          Self.note, "Note", .text, hint: "What it is for. It stands in the history.", isRequired: false,
          most: DeployTerms.longestNote)
      ],
      values: [Self.note: note])
  }

  private var what: String {
    if case .version(let version) = source { "version \(version) again" } else { "a data model" }
  }
  private var isGood: Bool { form.isGood && fault == nil && conflict == nil }

  var title: String { (isGood ? "Deploy " : "Error: deploy ") + what }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id)), Crumb("Data model", .dataModel(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Deploy \(what)" } }
      form.summary
      if let fault {
        div(.class("notice bad"), .role("alert"), .tabIndex(-1), .autofocus()) {
          strong { "It cannot be deployed" }
          p { fault }
        }
      }
      if let conflict { told(conflict) }
      if let outlook { OutlookHTML(card: card, outlook: outlook).html }
      Web.section(.class("card")) {
        h2 { "Deploy it as version \(over + 1)" }
        Web.form(.class("stack"), .method(.post), .action(Route.modelDeploy(card.id))) {
          input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
          input(.type(.hidden), .name(Self.overVersion), .value("\(over)"))
          switch source {
          case .document(let text):
            textarea(.name(Self.document), .hidden, .aria("label", "The document"), text: text)
          case .version(let version): input(.type(.hidden), .name(Self.version), .value("\(version)"))
          }
          form.inputs
          p {
            "Requests that are running finish under the data model in force. Objects are not changed"
              + (isBack ? ": what was written since stays." : ".")
          }
          div(.class("actions")) {
            button(.type(.submit), .class("main")) { "Deploy version \(over + 1)" }
            a(.class("button quiet"), .href(Route.dataModel(card.id))) { "Cancel" }
          }
        }
      }
    }
  }

  private var isBack: Bool { if case .version = source { true } else { false } }

  private func told(_ conflict: DeployRecord) -> HTML {
    div(.class("notice warn"), .role("alert")) {
      strong { "Another version was deployed meanwhile" }
      p {
        "Nothing of yours was deployed. Version \(conflict.version) is in force since "
        HTML.timeWithZone(conflict.at)
        ", deployed by "
        DeployText.maker(conflict)
        ". What yours would change now stands below; look at it, then send it again, or "
        a(.href(Route.modelVersion(card.id, conflict.version)), .inNewTab) { "look at theirs" }
        "."
      }
      if let note = conflict.note {
        p {
          "Their note: "
          span(.directionOfText) { note }
        }
      }
    }
  }
}
