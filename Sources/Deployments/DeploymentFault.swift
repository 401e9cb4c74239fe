import Storage
import Wire

/// Why an administrative request was refused. The sentence is for the person who made it.
package struct DeploymentFault: ExplainedError, Sendable, Equatable {
  package var sentence: String

  package init(_ sentence: String) { self.sentence = sentence }

  /// What is wrong with a name or label that people read in lists and logs; nil where it will do.
  package static func problem(with text: String, of what: String) -> String? {
    PrintableText.firstHidden(in: text).map {
      "\(what) takes no control characters, and none that hide or direct text; it has \($0). Leave it out."
    }
  }

  static func refuseHidden(in text: String, of what: String) throws(DeploymentFault) {
    if let problem = problem(with: text, of: what) { throw DeploymentFault(problem) }
  }

  static func refuseHidden(in person: Person?) throws(DeploymentFault) {
    try refuseHidden(in: person?.name ?? "", of: "--by-name")
    try refuseHidden(in: person?.email ?? "", of: "--by-email")
  }
}
