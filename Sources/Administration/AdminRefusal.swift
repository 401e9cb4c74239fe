import Wire

/// Why a command was not done, for the person who gave it.
package struct AdminRefusal: ExplainedError, Sendable, Equatable {
  package enum Reason: String, CaseIterable, Sendable {
    case refused
    /// There is no data directory to ask: the command was given wrongly. Never from a server.
    case noDirectory
  }

  package let reason: Reason
  package let sentence: String
  /// What to do about it, where the sentence does not say so.
  package let hint: String?

  package init(_ sentence: String, hint: String? = nil, reason: Reason = .refused) {
    self.reason = reason
    self.sentence = sentence
    self.hint = hint
  }

  /// The sentence and the hint.
  package var text: String { hint.map { "\(sentence) \($0)" } ?? sentence }

  /// What those below throw, most of it with a sentence of its own; `what` begins that of the rest.
  package init(_ error: any Error, _ what: String = "It failed") {
    switch error {
    case let refusal as AdminRefusal: self = refusal
    case let error as any ExplainedError: self.init(error.sentence)
    default: self.init("\(what): \(error)")
    }
  }
}
