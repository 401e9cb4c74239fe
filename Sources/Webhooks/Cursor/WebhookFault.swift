import Wire

/// Why something cannot be done with a webhook. The sentence is for the person who asked.
package struct WebhookFault: ExplainedError, Sendable, Equatable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}
