/// Why something cannot be done with a webhook. The sentence is for the person who asked.
package struct WebhookFault: Error, Sendable, Equatable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}
