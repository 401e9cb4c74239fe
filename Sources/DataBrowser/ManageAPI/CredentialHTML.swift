import Storage
import Web
import Wire

/// What pages say of credentials, and of a secret that is shown once.
enum CredentialHTML {
  /// When it was last used, and from where.
  @HTMLBuilder
  static func lastUse(_ use: CredentialUse?) -> HTML {
    if let use {
      HTML.timeWithZone(use.at)
      if !use.address.isEmpty { " from \(use.address)" }
    } else {
      "never"
    }
  }

  /// A secret with a button to copy it. `id` is none that stands on the page already; `isKept` says that it can be
  /// shown again.
  static func once(_ secret: String, _ heading: String, id: String = "secret", isKept: Bool = false) -> HTML {
    div(.class("notice warn")) {
      strong(.directionOfText) { heading }
      p { "It is shown here for ten minutes, to this session alone\(isKept ? "" : ", and never again")." }
      CodeBlock(id: id, text: secret, isWrapped: true).html
    }
  }

  /// Calls, each with a button to copy it.
  static func examples(_ examples: [APIExamples.Example], title: String = "Calls to begin with") -> HTML {
    section(.class("card")) {
      h2 { title }
      div(.class("inside stack")) {
        p {
          "They take the secret from the environment: "
          code { "SOJOURN_TOKEN" }
          ", or "
          code { "SOJOURN_PASSWORD" }
          "."
        }
        for (number, example) in examples.enumerated() {
          h3 { example.name }
          CodeBlock(id: "example-\(number)", text: example.text, isWrapped: true).html
        }
      }
    }
  }
}
